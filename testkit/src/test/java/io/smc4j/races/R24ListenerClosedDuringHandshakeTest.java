package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.actors.group.LinkGroupRegistry;
import io.smc4j.actors.handshake.Listener;
import io.smc4j.protocol.clc.ClcDecline;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.CompletionStage;
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
        try (HandshakesA bench = new HandshakesA();
                ServerSocketChannel socket = ServerSocketChannel.open()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            GatedServerSocketA gated = new GatedServerSocketA(socket);
            InetSocketAddress address = (InetSocketAddress) socket.getLocalAddress();
            HandshakesA.Listening listening = bench.listen(new Listener.Bound(gated, address, null));
            try (ClcPeerA peer = ClcPeerA.connect(address)) {
                gated.accepted.await();
                if (orderly) {
                    listening.channel().close();
                    BenchA.until(() -> assertThat(socket.isOpen()).isFalse());
                    gated.gate.countDown();
                    bench.bench.awaitStopped(listening.actor());
                } else { // as when its parent stops it, or it fails
                    bench.bench.kit.stop(listening.actor());
                    gated.gate.countDown();
                }
                assertThat(peer.rest()).as("closed, not forgotten").isEmpty();
            }
        }
    }
}
