package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.smc4j.ConnectOptions;
import io.smc4j.SmcServerChannel;
import io.smc4j.Transport;
import io.smc4j.TransportPreference;
import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.clc.ClcCodec;
import io.smc4j.protocol.clc.ClcProposal;
import io.smc4j.testkit.junit.SmcTest;
import io.smc4j.testkit.node.NodePair;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * offsets and counts of a PROPOSAL that point outside of it, and peers that stop in the middle. Everything is checked
 * against the length of the message, which is known first; the end of the stream ends the handshake.
 */
@SmcTest("smc4j.negotiation.strategy = explicit")
class R59HostileProposalTest {
    /** What this client really proposes. */
    private static byte[] proposal(NodePair pair) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var connecting = pair.client()
                    .smc()
                    .connect(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()),
                            ConnectOptions.defaults().withTransport(TransportPreference.AUTO));
            try (Socket accepted = server.accept()) {
                InputStream in = accepted.getInputStream();
                byte[] header = in.readNBytes(ClcCodec.HEADER_LENGTH);
                int length = ClcCodec.peekHeader(ByteBuffer.wrap(header)).length();
                byte[] message = new byte[length];
                System.arraycopy(header, 0, message, 0, header.length);
                assertThat(in.readNBytes(message, header.length, length - header.length))
                        .isEqualTo(length - header.length);
                return message;
            } finally {
                connecting.exceptionally(failure -> null);
            }
        }
    }

    private static void decode(byte[] message, String what) {
        try {
            ClcCodec.decode(ByteBuffer.wrap(message));
        } catch (ProtocolViolation e) {
            assertThat(e.getMessage()).isNotBlank();
        } catch (RuntimeException e) {
            fail(what, e);
        }
    }

    @Test
    void shouldJudgeEveryOffsetAndCountByTheLengthOfTheMessage(NodePair pair) throws Exception {
        byte[] proposal = proposal(pair);
        assertThat(ClcCodec.decode(ByteBuffer.wrap(proposal))).isInstanceOf(ClcProposal.class);
        int[] words = {
            0, 1, 2, 7, 8, 40, proposal.length - 1, proposal.length, proposal.length + 1, 0x7FFF, 0x8000, 0xFFFF
        };
        for (int at = 0; at + 1 < proposal.length; at++) {
            for (int word : words) {
                byte[] changed = proposal.clone();
                changed[at] = (byte) (word >> 8);
                changed[at + 1] = (byte) word;
                decode(changed, "word " + word + " at " + at);
            }
            for (int value : new int[] {0, 1, 3, 4, 8, 9, 0x7F, 0x80, 0xFF}) {
                byte[] changed = proposal.clone();
                changed[at] = (byte) value;
                decode(changed, "byte " + value + " at " + at);
            }
        }
        for (int length = 0; length < proposal.length; length++) {
            byte[] cut = new byte[length];
            System.arraycopy(proposal, 0, cut, 0, length);
            decode(cut, "cut to " + length);
        }
    }

    @Test
    void shouldLetGoOfEveryClientThatStopsInTheMiddleAndServeTheNext(NodePair pair, SmcServerChannel listener)
            throws Exception {
        byte[] proposal = proposal(pair);
        List<Socket> sockets = new ArrayList<>();
        for (int length = 8; length < proposal.length; length++) {
            Socket socket = new Socket(
                    InetAddress.getLoopbackAddress(), listener.localAddress().getPort());
            socket.getOutputStream().write(proposal, 0, length);
            socket.shutdownOutput();
            sockets.add(socket);
        }
        for (Socket socket : sockets) {
            socket.setSoTimeout(20_000);
            try (socket) {
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            } catch (SocketException e) {
                assertThat(e).hasMessageContaining("reset"); // closed with bytes unread: let go as well
            }
        }
        assertThat(pair.connect(listener, TransportPreference.SMC_R)
                        .client()
                        .info()
                        .transport())
                .isEqualTo(Transport.SMC_R);
    }
}
