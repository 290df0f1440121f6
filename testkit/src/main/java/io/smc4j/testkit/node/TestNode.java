package io.smc4j.testkit.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.smc4j.Smc;
import io.smc4j.actors.node.ActorSetup;
import io.smc4j.actors.node.ClockSetup;
import io.smc4j.actors.node.DeviceSetup;
import io.smc4j.testkit.ResourceLedger;
import io.smc4j.testkit.faults.FaultDirector;
import io.smc4j.testkit.faults.FaultLog;
import io.smc4j.testkit.faults.FaultyDevices;
import io.smc4j.testkit.time.TestClock;
import io.smc4j.testkit.time.TestScheduler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/**
 * An actor system with an SMC node: its devices are {@linkplain FaultyDevices faulty} and in a {@linkplain ResourceLedger ledger},
 * its actors under a {@linkplain FaultDirector director}, its timers follow a {@linkplain TestClock clock}. Thread-safe.
 */
public final class TestNode implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String name;
    private final ActorSystem<SpawnProtocol.Command> system;
    private final Smc smc;
    private final FaultyDevices devices;
    private final FaultDirector director;
    private final TestClock clock;

    /**
     * What nodes have in common that are to talk to each other.
     *
     * @param sharedMemory directory of their shared memory
     * @param ledger of their resources
     * @param log of their faults
     * @param clock of both
     */
    public record World(Path sharedMemory, ResourceLedger ledger, FaultLog log, TestClock clock) {}

    private TestNode(String name, World world, Config config) throws InterruptedException {
        this.name = name;
        this.clock = world.clock();
        this.devices = new FaultyDevices(name, world.log(), clock);
        this.director = new FaultDirector(name, world.log());
        this.system = ActorSystem.create(
                SpawnProtocol.create(),
                name,
                ActorSystemSetup.create(
                        BootstrapSetup.create(config),
                        new DeviceSetup(devices.decorator(world.ledger().decorator(name))),
                        new ActorSetup(director.decorator(world.ledger().actors(name))),
                        new ClockSetup(clock)));
        TestScheduler.lead(system, clock);
        clock.follow(devices::wakeUp);
        boolean started = false;
        try {
            this.smc = Smc.get(system);
            var _ = await(smc.portControl()); // its devices are open
            started = true;
        } finally {
            if (!started) {
                system.terminate();
            }
        }
    }

    /**
     * Starts a node.
     *
     * @param settings lines of configuration, which win over the application's own
     */
    public static TestNode start(String name, World world, String... settings) throws InterruptedException {
        Config config = ConfigFactory.parseString(String.join("\n", settings))
                .withFallback(ConfigFactory.parseString("smc4j.shared-memory-directory = \"" + world.sharedMemory()
                        + "\"\npekko.log-dead-letters = off\npekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off\n"
                        + TestScheduler.CONFIG))
                .withFallback(ConfigFactory.load());
        return new TestNode(name, world, config);
    }

    public String name() {
        return name;
    }

    /** The actor system; its guardian spawns what it is asked to. */
    public ActorSystem<SpawnProtocol.Command> system() {
        return system;
    }

    public Smc smc() {
        return smc;
    }

    public FaultyDevices devices() {
        return devices;
    }

    public FaultDirector director() {
        return director;
    }

    public TestClock clock() {
        return clock;
    }

    /** The actors of the system, a line each. */
    public String actorTree() {
        return ((ExtendedActorSystem) Adapter.toClassic(system)).printTree();
    }

    /** Calls all faults off. */
    public void heal() {
        devices.heal();
        director.cancelAll();
    }

    /** What is known of it, for the message of a failed test. */
    public String evidence() {
        return "node %s, newest messages of its actors:%n  %s%nnode %s, its actors:%n%s"
                .formatted(name, String.join("\n  ", director.trace()), name, actorTree());
    }

    /** Waits for something, on the wall clock, 20 s at most. */
    public static <T> T await(CompletionStage<T> stage) throws InterruptedException {
        try {
            return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("what was waited for failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("what was waited for is not there after " + PATIENCE, e);
        }
    }

    /** Calls all faults off, stops the node in order and ends the actor system. */
    @Override
    public void close() throws InterruptedException {
        heal();
        clock.flow();
        try {
            var _ = await(smc.shutdown());
        } finally {
            system.terminate();
            var _ = await(system.getWhenTerminated());
        }
    }
}
