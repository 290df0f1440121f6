package io.smc4j.system;

import static io.smc4j.system.TestNodes.PATIENCE;
import static io.smc4j.system.TestNodes.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.TransportPreference;
import io.smc4j.actors.node.ActorKind;
import io.smc4j.rdma.PortState;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** An actor throws: what it owned is freed by whom the supervision table names, and nothing else suffers. */
@Timeout(60)
class FailedActorTest {
    private static final String[] SETTINGS = {
        "smc4j.link-group.idle-timeout-server = 200 ms", "smc4j.link-group.idle-timeout-client = 400 ms"
    };

    @ParameterizedTest
    @CsvSource({"SMC_R,LINK_GROUP", "SMC_D,LINK_GROUP", "SMC_R,CONNECTION", "SMC_D,CONNECTION"})
    void shouldAbortTheConnectionAndFreeEverything(TransportPreference transport, ActorKind kind) throws Exception {
        try (TestNodes nodes = TestNodes.start(SETTINGS)) {
            TestNodes.Ends ends = nodes.connect(transport);
            CompletableFuture<SmcException> near = Traffic.run(() -> Traffic.failureOfReading(ends.client()));
            CompletableFuture<SmcException> far = Traffic.run(() -> Traffic.failureOfReading(ends.server()));
            nodes.failing.failNext(kind);
            if (kind == ActorKind.CONNECTION) {
                ends.server().shutdownOutput(); // a message for one of the two connections
            } else if (transport == TransportPreference.SMC_R) {
                await(nodes.server.portControl())
                        .orElseThrow()
                        .setPortState(2, PortState.DOWN); // one for the server's group
            } else {
                TestNodes.Ends more = nodes.connect(TransportPreference.AUTO);
                more.client().abort();
                more.server().abort();
            }
            Awaitility.await().atMost(PATIENCE).until(nodes.failing::hasFailed);
            assertThat(await(near).category()).isEqualTo(SmcException.Category.RECONNECT);
            assertThat(await(far).category()).isEqualTo(SmcException.Category.RECONNECT);
            assertThatThrownBy(() -> ends.server().write(ByteBuffer.allocate(1)))
                    .isInstanceOf(SmcException.class);
            ends.client().close(); // aborted by its peer: its own end still holds it
            ends.server().close();
            nodes.ledger.assertNoLinkGroupResources(PATIENCE);
            await(nodes.server.portControl()).orElseThrow().setPortState(2, PortState.ACTIVE);

            TestNodes.Ends next = nodes.connect(transport);
            Traffic.echoOnce(next);
        }
    }

    @Test
    void shouldFailOverWhenALinkThrows() throws Exception {
        try (TestNodes nodes = TestNodes.start(SETTINGS)) {
            TestNodes.Ends ends = nodes.connect(TransportPreference.SMC_R);
            TestNodes.awaitLinks(ends, 2);
            nodes.failing.failNext(ActorKind.LINK);
            await(nodes.server.portControl()).orElseThrow().setPortState(2, PortState.DOWN);
            Awaitility.await().atMost(PATIENCE).until(nodes.failing::hasFailed);
            await(nodes.server.portControl()).orElseThrow().setPortState(2, PortState.ACTIVE);
            Traffic.echoOnce(ends);
            ends.client().close();
            ends.server().close();
            nodes.ledger.assertNoLinkGroupResources(PATIENCE);
        }
    }

    /** An actor that fails as it starts has no PostStop: whoever started it has to answer in its place. */
    @ParameterizedTest
    @CsvSource({"CLIENT_HANDSHAKE", "SERVER_HANDSHAKE", "LINK_GROUP", "CONNECTION", "LINK"})
    void shouldLeaveNobodyWaitingForAnActorThatFailsAsItStarts(ActorKind kind) throws Exception {
        try (TestNodes nodes = TestNodes.start(SETTINGS)) {
            nodes.failing.failNextStart(kind);
            CompletableFuture<SmcChannel> first = nodes.client
                    .connect(nodes.listener.localAddress(), TestNodes.options(TransportPreference.SMC_R))
                    .toCompletableFuture();
            Awaitility.await().atMost(PATIENCE).until(first::isDone);
            if (!first.isCompletedExceptionally()) { // it fell back
                await(nodes.listener.accept()).close();
                first.join().close();
            }
            TestNodes.Ends next = nodes.connect(TransportPreference.SMC_R);
            Traffic.echoOnce(next);
            next.client().close();
            next.server().close();
            nodes.listener.close();
            await(nodes.listener.closed());
            nodes.ledger.assertNoLinkGroupResources(PATIENCE);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ActorKind.class,
            names = {"SERVER_HANDSHAKE", "LISTENER"})
    void shouldLoseNoMoreThanTheTableSays(ActorKind kind) throws Exception {
        try (TestNodes nodes = TestNodes.start(SETTINGS)) {
            TestNodes.Ends ends = nodes.connect(TransportPreference.AUTO);
            nodes.failing.failNext(kind);
            CompletableFuture<SmcChannel> connecting = nodes.client
                    .connect(nodes.listener.localAddress())
                    .toCompletableFuture(); // a message for each of them, sooner or later
            Awaitility.await().atMost(PATIENCE).until(nodes.failing::hasFailed);
            Traffic.echoOnce(ends); // what was established lives on
            if (kind == ActorKind.SERVER_HANDSHAKE) {
                Traffic.echoOnce(nodes.connect(TransportPreference.AUTO));
            } else if (kind == ActorKind.LISTENER) {
                assertThatThrownBy(() -> await(nodes.listener.accept())).hasRootCauseInstanceOf(SmcException.class);
            }
            connecting.whenComplete((channel, failure) -> {
                if (channel != null) {
                    channel.abort();
                }
            });
            ends.client().close();
            ends.server().close();
        }
    }

    /** Connected, but the handshake dies before it says so to the connection: that must not wait for it for a minute. */
    @ParameterizedTest
    @EnumSource(
            value = TransportPreference.class,
            names = {"SMC_R", "SMC_D"})
    void shouldEndAConnectionWhoseHandshakeFailsBeforeItIsActivated(TransportPreference transport) throws Exception {
        try (TestNodes nodes = TestNodes.start(SETTINGS)) {
            nodes.failing.failNext(
                    ActorKind.SERVER_HANDSHAKE, message -> message.toString().contains("Connected["));
            CompletableFuture<SmcChannel> first = nodes.client
                    .connect(nodes.listener.localAddress(), TestNodes.options(transport))
                    .toCompletableFuture();
            Awaitility.await().atMost(PATIENCE).until(() -> first.isDone() && nodes.failing.hasFailed());
            if (!first.isCompletedExceptionally()) {
                first.join().close();
            }
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(nodes.actors("connection-")).isEmpty());
            nodes.ledger.assertNoLinkGroupResources(PATIENCE);
        }
    }
}
