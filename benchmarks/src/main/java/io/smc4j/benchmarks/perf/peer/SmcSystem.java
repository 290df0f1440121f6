package io.smc4j.benchmarks.perf.peer;

import com.typesafe.config.Config;
import io.smc4j.Smc;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** An actor system, with smc4j's node if it is asked for. */
final class SmcSystem implements AutoCloseable {
    private static final int SECONDS_TO_END = 10;

    private final ActorSystem<Void> system;

    SmcSystem(Config config) {
        this.system = ActorSystem.create(Behaviors.empty(), "perf", config);
    }

    ActorSystem<Void> system() {
        return system;
    }

    Smc smc() {
        return Smc.get(system);
    }

    /** The node ends with the system, in order. */
    @Override
    public void close() {
        system.terminate();
        Quietly.close(() -> system.getWhenTerminated().toCompletableFuture().get(SECONDS_TO_END, TimeUnit.SECONDS));
    }
}
