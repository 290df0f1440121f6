package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.actors.group.LinkGroupRegistry;
import io.smc4j.actors.node.ActorKind;
import io.smc4j.protocol.clc.ClcDecline;
import io.smc4j.testkit.faults.ActorFault;
import io.smc4j.testkit.faults.FaultDirector;
import io.smc4j.testkit.faults.FaultLog;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** the listener closes while a connection is between TCP accept and the accept queue. */
@Timeout(60)
class R24ListenerClosedDuringHandshakeTest {
    @Test
    void shouldCloseWhatItsHandshakeFinishesAfterTheListenerClosed() throws Exception {
        try (HandshakesA bench = new HandshakesA()) {
            HandshakesA.Listening listening = bench.listen();
            CompletionStage<SmcChannel> accepting = listening.channel().accept();
            try (ClcPeerA peer = ClcPeerA.connect(listening.channel().localAddress())) {
                peer.send(ClcPeerA.proposal());
                LinkGroupRegistry.ForClient asked = bench.asked(); // paused before it is enqueued
                listening.channel().close();
                assertThatThrownBy(() -> accepting.toCompletableFuture().get())
                        .hasRootCauseInstanceOf(SmcException.class);
                asked.replyTo().tell(new LinkGroupRegistry.Granted(null, false));
                peer.expect(ClcDecline.class); // falls back, and is nobody's
                assertThat(peer.rest()).isEmpty();
            }
            bench.bench.awaitStopped(listening.actor());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldCloseASocketThatWasAcceptedWhileTheListenerClosed(boolean orderly) throws Exception {
        try (HandshakesA bench = new HandshakesA()) {
            FaultDirector director = new FaultDirector("bench", new FaultLog());
            ActorFault held =
                    director.at(ActorKind.LISTENER).message("Accepted").hold();
            HandshakesA.Listening listening = bench.listen(director.decorator());
            try (ClcPeerA peer = ClcPeerA.connect(listening.channel().localAddress())) {
                held.awaitStruck(BenchA.PATIENCE); // accepted, and the listener does not know
                if (orderly) {
                    listening.channel().close();
                    listening.channel().closed().toCompletableFuture().get(20, TimeUnit.SECONDS);
                    held.release();
                    bench.bench.awaitStopped(listening.actor());
                } else { // as when its parent stops it, or it fails
                    bench.bench.kit.stop(listening.actor());
                }
                assertThat(peer.rest()).as("closed, not forgotten").isEmpty();
            }
        }
    }
}
