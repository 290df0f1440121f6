package io.smc4j.cli.node;

import com.typesafe.config.Config;
import io.smc4j.BindOptions;
import io.smc4j.ConnectOptions;
import io.smc4j.Smc;
import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.SmcServerChannel;
import io.smc4j.cli.failure.CliFailure;
import io.smc4j.cli.failure.Why;
import io.smc4j.rdma.PortControl;
import io.smc4j.rdma.PortState;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node in an actor system of its own. */
public final class ActorNode implements Node {
    private static final Logger LOG = LoggerFactory.getLogger(ActorNode.class);

    /** Every step of the node has a deadline of its own; this only bounds a bug. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration TIME_TO_CLOSE = Duration.ofSeconds(10);

    private final ActorSystem<Void> system;
    private final Smc smc;

    private ActorNode(ActorSystem<Void> system, Smc smc) {
        this.system = system;
        this.smc = smc;
    }

    /** Starts one. @throws CliFailure if it cannot start */
    public static Node open(Config config) throws CliFailure {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "smc4j", config);
        try {
            return new ActorNode(system, Smc.get(system));
        } catch (RuntimeException e) {
            system.terminate();
            throw CliFailure.failed(
                    "cannot start the SMC node: " + Why.of(e) + "; smc4j doctor says what works here", e);
        }
    }

    @Override
    public SmcChannel connect(InetSocketAddress remote, ConnectOptions options)
            throws SmcException, InterruptedException {
        return await(smc.connect(remote, options), PATIENCE.plus(options.connectTimeout()), "connecting to " + remote);
    }

    @Override
    public SmcServerChannel listen(InetSocketAddress local, BindOptions options)
            throws SmcException, InterruptedException {
        return await(smc.listen(local, options), PATIENCE, "listening on " + local);
    }

    @Override
    public boolean setPortState(int port, PortState state) {
        Optional<PortControl> control = smc.portControl().toCompletableFuture().join();
        control.ifPresent(device -> device.setPortState(port, state));
        return control.isPresent();
    }

    @Override
    public void close() {
        boolean interrupted = Thread.interrupted(); // closing must not be cut short by what ended the command
        try {
            smc.shutdown().toCompletableFuture().get(TIME_TO_CLOSE.toSeconds(), TimeUnit.SECONDS);
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().get(TIME_TO_CLOSE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the node did not close in order: {}", Why.of(e));
            system.terminate();
        } catch (InterruptedException _) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T> T await(CompletionStage<T> stage, Duration limit, String what)
            throws SmcException, InterruptedException {
        try {
            return stage.toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = Why.unwrap(e);
            throw cause instanceof SmcException failure
                    ? failure
                    : new SmcException(SmcException.Category.BUG, what + " failed: " + Why.of(cause), cause);
        } catch (TimeoutException e) {
            throw new SmcException(
                    SmcException.Category.BUG, what + " took longer than " + limit.toSeconds() + " s", e);
        }
    }
}
