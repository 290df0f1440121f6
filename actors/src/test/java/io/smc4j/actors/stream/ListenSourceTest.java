package io.smc4j.actors.stream;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.smc4j.IncomingConnection;
import io.smc4j.ServerBinding;
import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.SmcServerChannel;
import io.smc4j.actors.channel.AcceptQueue;
import io.smc4j.actors.channel.ListenerControl;
import io.smc4j.actors.channel.MemoryEndpoint;
import io.smc4j.actors.channel.ServerChannelImpl;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ListenSourceTest {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress("127.0.0.1", 4242);
    private static ActorSystem system;

    private final CompletableFuture<Done> closed = new CompletableFuture<>();
    private final AcceptQueue<SmcChannel> queue = new AcceptQueue<>(10, SmcChannel::abort, Runnable::run);
    private final SmcServerChannel server = new ServerChannelImpl(ADDRESS, queue, new ListenerControl() {
        @Override
        public void closeRequested() {
            closed.complete(Done.getInstance());
        }

        @Override
        public CompletionStage<Done> closed() {
            return closed;
        }
    });

    @BeforeAll
    static void start() {
        system = ActorSystem.create("listen-source-test");
    }

    @AfterAll
    static void stop() throws Exception {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(20, SECONDS);
    }

    private Pair<CompletionStage<ServerBinding>, SinkQueueWithCancel<IncomingConnection>> run(
            Supplier<CompletionStage<SmcServerChannel>> listen) {
        return StreamsApi.bind(listen, new StreamSettings(StreamSettings.DEFAULT_CHUNK, 0))
                .toMat(Sink.<IncomingConnection>queue().withAttributes(Attributes.inputBuffer(1, 1)), Keep.both())
                .run(system);
    }

    private Pair<CompletionStage<ServerBinding>, SinkQueueWithCancel<IncomingConnection>> run() {
        return run(() -> CompletableFuture.completedStage(server));
    }

    @Test
    void shouldHandOutConnectionsInOrder() throws Exception {
        var run = run();
        assertThat(get(run.first()).localAddress()).isEqualTo(ADDRESS);
        for (int i = 0; i < 20; i++) {
            SmcChannel channel = offer();
            assertThat(get(run.second().pull()).map(IncomingConnection::channel))
                    .contains(channel);
        }
    }

    @Test
    void shouldLeaveConnectionsInTheBacklogUntilTheyAreWanted() throws Exception {
        var run = run();
        get(run.first());
        for (int i = 0; i < 5; i++) {
            SmcChannel _ = offer();
        }
        // The sink asks for one ahead; four stay in the listener's backlog.
        await().until(() -> queue.waiting() == 4);
        await().during(Duration.ofMillis(50)).atMost(Duration.ofSeconds(10)).until(() -> queue.waiting() == 4);
        get(run.second().pull());
        await().until(() -> queue.waiting() == 3);
    }

    @Test
    void shouldCompleteAndFreeThePortWhenUnbound() throws Exception {
        var run = run();
        ServerBinding binding = get(run.first());
        CompletionStage<Optional<IncomingConnection>> waiting = run.second().pull();
        get(binding.unbind());
        assertThat(get(waiting)).isEmpty();
        get(binding.unbind());
        assertThat(closed).isDone();
        assertThat(queue.offer(MemoryEndpoint.pair(1).left().channel())).isFalse();
    }

    @Test
    void shouldCloseTheListenerWhenDownstreamCancels() throws Exception {
        var run = run();
        get(run.first());
        run.second().cancel();
        await().until(closed::isDone);
    }

    @Test
    void shouldFailWhenTheListenerFails() throws Exception {
        var run = run();
        get(run.first());
        CompletionStage<Optional<IncomingConnection>> waiting = run.second().pull();
        queue.close(new SmcException(SmcException.Category.RETRY, "the node stopped"));
        assertThatThrownBy(() -> get(waiting)).hasMessageContaining("the node stopped");
    }

    @Test
    void shouldFailStreamAndValueWhenItCannotListen() {
        SmcException reason = new SmcException(SmcException.Category.CONFIGURATION, "address in use");
        var run = run(() -> CompletableFuture.failedStage(reason));
        assertThatThrownBy(() -> get(run.first())).hasCause(reason);
        assertThatThrownBy(() -> get(run.second().pull())).hasMessageContaining("address in use");
    }

    @Test
    void shouldCloseAListenerThatComesAfterTheStreamEnded() {
        CompletableFuture<SmcServerChannel> binding = new CompletableFuture<>();
        var run = run(() -> binding);
        run.second().cancel();
        assertThatThrownBy(() -> get(run.first())).hasMessageContaining("ended before it was listening");
        binding.complete(server);
        await().until(closed::isDone);
    }

    private SmcChannel offer() {
        SmcChannel channel = MemoryEndpoint.pair(8).left().channel();
        assertThat(queue.offer(channel)).isTrue();
        return channel;
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
