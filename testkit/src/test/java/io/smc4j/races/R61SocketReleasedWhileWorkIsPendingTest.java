package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.UnixOperatingSystemMXBean;
import io.smc4j.ConnectOptions;
import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.SmcServerChannel;
import io.smc4j.TransportPreference;
import io.smc4j.actors.node.ActorKind;
import io.smc4j.testkit.faults.ActorFault;
import io.smc4j.testkit.junit.SmcTest;
import io.smc4j.testkit.node.NodePair;
import io.smc4j.testkit.node.TestNode;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * the TCP socket is released while a handshake still reads it, or is handed over to somebody who is gone. It has one owner
 * at a time, who closes it as its last act.
 */
@SmcTest("smc4j.negotiation.strategy = explicit")
class R61SocketReleasedWhileWorkIsPendingTest {
    private static CompletionStage<SmcChannel> connect(NodePair pair, InetSocketAddress to) {
        return pair.client().smc().connect(to, ConnectOptions.defaults().withTransport(TransportPreference.SMC_R));
    }

    private static Throwable failure(CompletionStage<SmcChannel> connecting) throws Exception {
        try {
            connecting.toCompletableFuture().get(20, TimeUnit.SECONDS);
            throw new AssertionError("connected");
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    /** Closed or reset, at once. */
    private static void assertLetGo(Socket socket) throws Exception {
        socket.setSoTimeout(20_000);
        try {
            assertThat(socket.getInputStream().readAllBytes()).isNotNull();
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    @Test
    void shouldEndTheReadAndCloseTheSocketWhenTheNodeStopsDuringTheWaitForAccept(NodePair pair) throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletionStage<SmcChannel> connecting =
                    connect(pair, new InetSocketAddress(InetAddress.getLoopbackAddress(), silent.getLocalPort()));
            try (Socket accepted = silent.accept()) {
                assertThat(accepted.getInputStream().read())
                        .as("its PROPOSAL begins")
                        .isPositive();
                TestNode.await(pair.client().smc().shutdown());
                assertThat(failure(connecting)).isInstanceOf(SmcException.class);
                assertLetGo(accepted);
            }
        }
    }

    @Test
    void shouldEndTheReadAndCloseTheSocketWhenTheServerStopsDuringTheWaitForConfirm(
            NodePair pair, SmcServerChannel listener) throws Exception {
        ActorFault offered = pair.client()
                .director()
                .at(ActorKind.CLIENT_HANDSHAKE)
                .message("Joined")
                .hold();
        CompletionStage<SmcChannel> connecting = connect(pair, listener.localAddress());
        offered.awaitStruck(BenchA.PATIENCE); // the server waits for CONFIRM now
        TestNode.await(pair.server().smc().shutdown());
        offered.release();
        assertThat(failure(connecting)).isInstanceOf(SmcException.class);
    }

    @Test
    void shouldEndAConnectionWhoseHandshakeFailedWhenItHadHandedTheSocketOver(NodePair pair, SmcServerChannel listener)
            throws Exception {
        pair.client()
                .director()
                .at(ActorKind.CLIENT_HANDSHAKE)
                .message("Handle")
                .fail();
        CompletionStage<SmcChannel> connecting = connect(pair, listener.localAddress());
        assertThat(failure(connecting)).isInstanceOf(SmcException.class);
        SmcChannel far = TestNode.await(listener.accept()); // it does not know, until the abort comes
        assertThatThrownBy(() -> far.read(ByteBuffer.allocate(10)))
                .isInstanceOf(SmcException.class)
                .hasMessageContaining("aborted");
    }

    @Test
    void shouldCloseASocketThatAFailedConnectionNeverTookFromAHandshakeThatFailsToo(
            NodePair pair, SmcServerChannel listener) throws Exception {
        abortAllAccepted(listener); // the server may have been through, or not
        int rounds = 20;
        long before = 0;
        for (int round = 0; round <= rounds; round++) {
            if (round == 1) {
                before = openFiles(); // the first round has opened what stays
            }
            ActorFault taking = pair.client()
                    .director()
                    .at(ActorKind.CONNECTION)
                    .message("Activate")
                    .fail();
            ActorFault hearing = pair.client()
                    .director()
                    .at(ActorKind.CLIENT_HANDSHAKE)
                    .message("ConnectionGone")
                    .fail();
            CompletionStage<SmcChannel> connecting = connect(pair, listener.localAddress());
            hearing.awaitStruck(BenchA.PATIENCE);
            assertThat(failure(connecting)).isInstanceOf(SmcException.class);
            pair.client().director().remove(taking);
            pair.client().director().remove(hearing);
        }
        long most = before + rounds / 2;
        Awaitility.await()
                .atMost(BenchA.PATIENCE)
                .untilAsserted(() -> assertThat(openFiles()).as("open files").isLessThan(most));
    }

    private static void abortAllAccepted(SmcServerChannel listener) {
        listener.accept().thenAccept(far -> {
            far.abort();
            abortAllAccepted(listener);
        });
    }

    private static long openFiles() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    @Test
    void shouldTellThePeerWhenAConnectionsActorFails(NodePair pair, SmcServerChannel listener) throws Exception {
        NodePair.Ends ends = pair.connect(listener, TransportPreference.SMC_R);
        pair.client()
                .director()
                .at(ActorKind.CONNECTION)
                .message("ShutdownRequested")
                .fail();
        ends.client().shutdownOutput();
        assertThatThrownBy(() -> ends.client().read(ByteBuffer.allocate(10))).isInstanceOf(SmcException.class);
        assertThatThrownBy(() -> ends.server().read(ByteBuffer.allocate(10)))
                .isInstanceOf(SmcException.class)
                .hasMessageContaining("the peer aborted it");
        // The place, the token and the buffer are free again: the next one may have them.
        NodePair.Ends next = pair.connect(listener, TransportPreference.SMC_R);
        next.client().write(ByteBuffer.wrap(new byte[] {1}));
        assertThat(next.server().read(ByteBuffer.allocate(1))).isEqualTo(1);
    }
}
