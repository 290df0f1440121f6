package io.smc4j.testkit;

import com.typesafe.config.Config;
import io.smc4j.Smc;
import io.smc4j.actors.node.DeviceSetup;
import io.smc4j.testkit.faults.FaultDirector;
import io.smc4j.testkit.faults.FaultLog;
import io.smc4j.testkit.faults.FaultyDevices;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * An SMC node in an actor system of its own, with all its native resources in a ledger and faults at hand, for programs that are no JUnit tests.
 * Thread-safe.
 */
public final class ObservedNode implements AutoCloseable {
    private static final Duration TIME_TO_CLOSE = Duration.ofSeconds(30);

    private final ActorSystem<Void> system;
    private final Smc smc;
    private final ResourceLedger ledger;
    private final FaultyDevices devices;
    private final FaultDirector director;

    private ObservedNode(
            ActorSystem<Void> system, Smc smc, ResourceLedger ledger, FaultyDevices devices, FaultDirector director) {
        this.system = system;
        this.smc = smc;
        this.ledger = ledger;
        this.devices = devices;
        this.director = director;
    }

    /**
     * Starts one.
     *
     * @param name of the actor system, and of the owner in the ledger
     * @throws IllegalArgumentException if something is wrong in the block {@code smc4j} of the configuration
     */
    public static ObservedNode start(String name, Config config) {
        ResourceLedger ledger = new ResourceLedger();
        FaultLog log = new FaultLog();
        FaultyDevices devices = new FaultyDevices(name, log, System::nanoTime);
        FaultDirector director = new FaultDirector(name, log);
        ActorSystem<Void> system = ActorSystem.create(
                Behaviors.empty(),
                name,
                ActorSystemSetup.create(
                        BootstrapSetup.create(config),
                        new DeviceSetup(devices.decorator(ledger.decorator(name))),
                        director.setup()));
        try {
            return new ObservedNode(system, Smc.get(system), ledger, devices, director);
        } catch (RuntimeException e) {
            system.terminate();
            throw e;
        }
    }

    public Smc smc() {
        return smc;
    }

    public ResourceLedger ledger() {
        return ledger;
    }

    /** Its devices, for faults. */
    public FaultyDevices devices() {
        return devices;
    }

    /** For faults of its actors. */
    public FaultDirector director() {
        return director;
    }

    /** smc4j's actors as a tree; empty if there is none. */
    public String actorTree() {
        String tree = ((ExtendedActorSystem) Adapter.toClassic(system)).printTree();
        StringBuilder own = new StringBuilder();
        boolean inside = false;
        int depth = 0;
        for (String line : tree.split("\\R", -1)) {
            int arrow = line.indexOf("-> ");
            if (line.contains("-> smc4j ") || line.endsWith("-> smc4j")) {
                inside = true;
                depth = arrow;
            } else if (arrow >= 0 && arrow <= depth) {
                inside = false;
            }
            if (inside) {
                own.append(line).append('\n');
            }
        }
        return own.toString();
    }

    /** Shuts the node down. @return completes when nothing is left of it */
    public CompletionStage<?> shutdown() {
        return smc.shutdown();
    }

    /** Shuts the node down and ends its actor system; returns when that is done, or after half a minute. */
    @Override
    public void close() {
        try {
            Object _ = smc.shutdown().toCompletableFuture().get(TIME_TO_CLOSE.toSeconds(), TimeUnit.SECONDS);
            system.terminate();
            Object _ =
                    system.getWhenTerminated().toCompletableFuture().get(TIME_TO_CLOSE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            system.terminate();
        } catch (InterruptedException _) {
            system.terminate();
            Thread.currentThread().interrupt();
        }
    }
}
