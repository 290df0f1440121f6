package io.smc4j.samples;

import io.smc4j.Smc;
import io.smc4j.SmcChannel;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * The service under test: asks an echo server, one question at a time. When its connection fails it throws, and its supervisor
 * starts it anew; the new one connects again. Questions of the old one are lost: their askers ask again.
 */
final class EchoClient extends AbstractBehavior<EchoClient.Command> {
    sealed interface Command {}

    /** Sends a byte, and answers with the byte that comes back. */
    record Ask(byte value, ActorRef<Byte> replyTo) implements Command {}

    private record Connected(SmcChannel channel) implements Command {}

    private record Answered(byte value) implements Command {}

    private record Failed(Throwable reason) implements Command {}

    private final Queue<Ask> asked = new ArrayDeque<>();
    private SmcChannel channel;

    static Behavior<Command> supervised(Smc smc, InetSocketAddress server) {
        return Behaviors.supervise(Behaviors.<Command>setup(context -> new EchoClient(context, smc, server)))
                .onFailure(SupervisorStrategy.restartWithBackoff(Duration.ofMillis(50), Duration.ofSeconds(1), 0.1));
    }

    private EchoClient(ActorContext<Command> context, Smc smc, InetSocketAddress server) {
        super(context);
        context.pipeToSelf(
                smc.connect(server),
                (connected, failure) -> failure == null ? new Connected(connected) : new Failed(failure));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Ask.class, this::ask)
                .onMessage(Connected.class, this::connected)
                .onMessage(Answered.class, this::answered)
                .onMessage(Failed.class, failed -> {
                    throw new IllegalStateException("the connection failed", failed.reason());
                })
                .onSignal(PostStop.class, signal -> disconnect())
                .onSignal(PreRestart.class, signal -> disconnect())
                .build();
    }

    private Behavior<Command> ask(Ask ask) throws Exception {
        asked.add(ask);
        if (channel != null) {
            channel.write(ByteBuffer.wrap(new byte[] {ask.value()}));
        }
        return this;
    }

    private Behavior<Command> connected(Connected connected) throws Exception {
        channel = connected.channel();
        for (Ask ask : asked) {
            channel.write(ByteBuffer.wrap(new byte[] {ask.value()}));
        }
        ActorRef<Command> self = getContext().getSelf();
        Thread.ofVirtual().start(() -> read(connected.channel(), self));
        return this;
    }

    /** On a thread of its own, since it waits. */
    private static void read(SmcChannel channel, ActorRef<Command> self) {
        ByteBuffer buffer = ByteBuffer.allocate(1);
        try {
            while (channel.read(buffer.clear()) == 1) {
                self.tell(new Answered(buffer.get(0)));
            }
            self.tell(new Failed(new IllegalStateException("the server closed the connection")));
        } catch (Exception e) {
            self.tell(new Failed(e));
        }
    }

    private Behavior<Command> answered(Answered answered) {
        Ask ask = asked.poll();
        if (ask != null) {
            ask.replyTo().tell(answered.value());
        }
        return this;
    }

    private Behavior<Command> disconnect() {
        if (channel != null) {
            channel.abort();
        }
        return this;
    }

    /** The server of the samples: sends back what comes. */
    static void serve(io.smc4j.SmcServerChannel listener) {
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    SmcChannel accepted = listener.acceptBlocking();
                    Thread.ofVirtual().start(() -> echo(accepted));
                }
            } catch (Exception closed) {
                return; // the listener is closed
            }
        });
    }

    private static void echo(SmcChannel channel) {
        ByteBuffer buffer = ByteBuffer.allocate(1024);
        try (channel) {
            while (channel.read(buffer.clear()) > 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
        } catch (Exception gone) {
            channel.abort();
        }
    }
}
