package io.smc4j.testkit.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.ConnectOptions;
import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.SmcServerChannel;
import io.smc4j.Transport;
import io.smc4j.TransportPreference;
import io.smc4j.actors.node.ActorKind;
import io.smc4j.testkit.junit.Client;
import io.smc4j.testkit.junit.Server;
import io.smc4j.testkit.junit.SmcTest;
import io.smc4j.testkit.node.NodePair;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A director strikes the actor and the message it was told, and no other. */
@SmcTest
class FaultDirectorTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void shouldMakeAConnectionFailAndOnlyThatOne(
            NodePair pair, SmcServerChannel listener, @Server FaultDirector director) throws Exception {
        NodePair.Ends first = pair.connect(listener, TransportPreference.SMC_R);
        ActorFault fault = director.at(ActorKind.CONNECTION)
                .named(name -> name.equals("connection-2"))
                .message("Attach")
                .fail();
        CompletableFuture<SmcChannel> second = pair.client()
                .smc()
                .connect(listener.localAddress(), options(TransportPreference.SMC_R))
                .toCompletableFuture();
        fault.awaitStruck(LIMIT);
        assertThat(second.handle((channel, failure) ->
                                channel == null || channel.info().transport() == Transport.TCP)
                        .get(20, TimeUnit.SECONDS))
                .isTrue();
        Bytes.exchange(first.client(), first.server(), 1000);
        assertThat(pair.log().count(FaultKind.ACTOR_FAILED)).isEqualTo(1);
        assertThat(pair.log().faults().getFirst().target()).isEqualTo("actor connection-2");
    }

    @Test
    void shouldHoldAMessageUntilItIsReleased(NodePair pair, SmcServerChannel listener, @Client FaultDirector director)
            throws Exception {
        ActorFault answer =
                director.at(ActorKind.CLIENT_HANDSHAKE).message("Read").hold();
        CompletableFuture<SmcChannel> connecting = pair.client()
                .smc()
                .connect(listener.localAddress(), options(TransportPreference.SMC_D))
                .toCompletableFuture();
        answer.awaitStruck(LIMIT);
        assertThat(answer.holding()).isEqualTo(1);
        assertThat(connecting).isNotDone();
        assertThat(answer.releaseOne()).isTrue();
        assertThat(connecting.get(20, TimeUnit.SECONDS).info().transport()).isEqualTo(Transport.SMC_D);
        assertThat(director.trace()).anyMatch(line -> line.endsWith("<- Read"));
    }

    @Test
    void shouldRunCodeInTheTurnOfTheActor(NodePair pair, SmcServerChannel listener, @Client FaultDirector director)
            throws Exception {
        AtomicReference<String> thread = new AtomicReference<>();
        ActorFault code = director.at(ActorKind.LINK_GROUP)
                .message("Join")
                .run(() -> thread.set(Thread.currentThread().getName()));
        pair.connect(listener, TransportPreference.SMC_D);
        code.awaitStruck(LIMIT);
        assertThat(thread.get()).contains("smc4j.control-dispatcher");
    }

    @Test
    void shouldDropAMessage(NodePair pair, SmcServerChannel listener, @Server FaultDirector director) throws Exception {
        NodePair.Ends ends = pair.connect(listener, TransportPreference.SMC_R);
        ActorFault lost = director.at(ActorKind.REGISTRY).message("PortChanged").drop();
        pair.server().devices().rdma().setPortState(2, io.smc4j.rdma.PortState.DOWN);
        lost.awaitStruck(LIMIT);
        Bytes.exchange(ends.client(), ends.server(), 1000);
        assertThat(pair.log().count(FaultKind.MESSAGE_DROPPED)).isEqualTo(1);
    }

    @Test
    void shouldFailAnActorAtItsStart(NodePair pair, SmcServerChannel listener, @Server FaultDirector director)
            throws Exception {
        ActorFault atStart = director.at(ActorKind.SERVER_HANDSHAKE)
                .message(FaultDirector.START)
                .fail();
        assertThatThrownBy(() -> pair.client()
                        .smc()
                        .connect(listener.localAddress(), options(TransportPreference.SMC_R))
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(SmcException.class);
        assertThat(atStart.struck()).isEqualTo(1);
        NodePair.Ends ends = pair.connect(listener, TransportPreference.SMC_R);
        ends.client().write(ByteBuffer.wrap(new byte[] {1}));
    }

    private static ConnectOptions options(TransportPreference transport) {
        return ConnectOptions.defaults().withTransport(transport);
    }
}
