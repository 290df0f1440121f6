package io.smc4j.actors.loop;

import com.typesafe.config.Config;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;
import org.apache.pekko.dispatch.MonitorableThreadFactory;

/**
 * Makes a {@link ControlLoop} the executor of a Pekko dispatcher: {@code executor = "io.smc4j.actors.loop.ControlLoopConfigurator"}.
 * Pekko creates it.
 */
public final class ControlLoopConfigurator extends ExecutorServiceConfigurator {
    /** As Pekko wants it. */
    public ControlLoopConfigurator(Config config, DispatcherPrerequisites prerequisites) {
        super(config, prerequisites);
    }

    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threadFactory) {
        ThreadFactory named = threadFactory instanceof MonitorableThreadFactory pekkos
                ? pekkos.withName(pekkos.name() + "-" + id) // as Pekko's own executors do
                : threadFactory;
        return new ExecutorServiceFactory() {
            @Override
            public ExecutorService createExecutorService() {
                return ControlLoop.start(named.newThread(() -> {}).getName()); // never started: for its name
            }
        };
    }
}
