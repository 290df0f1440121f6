package io.smc4j.races;

import io.smc4j.protocol.Eid;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.clc.ClcAcceptSmcr;
import io.smc4j.protocol.clc.ClcCodec;
import io.smc4j.protocol.clc.ClcConfirmSmcr;
import io.smc4j.protocol.clc.ClcDecline;
import io.smc4j.protocol.clc.ClcMessage;
import io.smc4j.protocol.clc.ClcProposal;
import io.smc4j.protocol.clc.DiagnosisCode;
import io.smc4j.protocol.clc.FirstContactExtension;
import io.smc4j.protocol.clc.ProposalSmcdArea;
import io.smc4j.protocol.clc.ProposalV2Extension;
import io.smc4j.protocol.clc.SmcType;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The other end of a handshake, message by message. */
record ClcPeerA(Socket socket) implements AutoCloseable {
    private static final Optional<Eid> EID = Optional.of(new Eid("SMC4J"));
    private static final int PATIENCE_MILLIS = 20_000;

    static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    static ClcPeerA accept(ServerSocket server) throws IOException {
        return new ClcPeerA(server.accept()).patient();
    }

    static ClcPeerA connect(InetSocketAddress server) throws IOException {
        return new ClcPeerA(new Socket(server.getAddress(), server.getPort())).patient();
    }

    private ClcPeerA patient() throws SocketException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        return this;
    }

    void send(ClcMessage message) throws IOException {
        socket.getOutputStream().write(ClcCodec.encode(message));
    }

    <M extends ClcMessage> M expect(Class<M> type) throws Exception {
        return type.cast(ClcCodec.decode(ByteBuffer.wrap(message())));
    }

    /** The bytes of the next message. */
    byte[] message() throws Exception {
        InputStream in = socket.getInputStream();
        byte[] header = in.readNBytes(ClcCodec.HEADER_LENGTH);
        if (header.length < ClcCodec.HEADER_LENGTH) {
            throw new AssertionError("no message: the stream ended");
        }
        int length = ClcCodec.peekHeader(ByteBuffer.wrap(header)).length();
        byte[] message = Arrays.copyOf(header, length);
        int rest = in.readNBytes(message, header.length, length - header.length);
        if (rest < length - header.length) {
            throw new AssertionError("the stream ended within a message");
        }
        return message;
    }

    void write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    String read(int bytes) throws IOException {
        return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.US_ASCII);
    }

    /** What is left until the end of the stream. A reset is an end too. */
    byte[] rest() throws IOException {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (SocketException e) {
            return new byte[0];
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    // ---- messages ----

    static ClcProposal proposal() {
        return new ClcProposal(
                2,
                SmcType.NONE,
                SmcType.R,
                BenchA.PEER,
                Gid.NONE,
                BenchA.PEER_MAC,
                Optional.of(ProposalSmcdArea.EMPTY),
                Optional.empty(),
                Optional.of(new ProposalV2Extension(
                        1,
                        false,
                        BenchA.peerGid(1),
                        16,
                        2,
                        FirstContactExtension.FEATURE_EMULATED_ISM,
                        List.of(EID.get()),
                        Optional.empty())));
    }

    private static Optional<FirstContactExtension> extension(boolean first) {
        return first ? Optional.of(extension(1, 16, 2)) : Optional.empty();
    }

    static FirstContactExtension extension(int release, int maxConnections, int maxLinks) {
        return new FirstContactExtension(
                true,
                FirstContactExtension.OS_LINUX,
                release,
                "peer",
                maxConnections,
                maxLinks,
                FirstContactExtension.FEATURE_EMULATED_ISM,
                0);
    }

    /** First contact, with another extension than usual. */
    static ClcAcceptSmcr accept(FirstContactExtension extension) {
        return new ClcAcceptSmcr(2, true, BenchA.peerEnd(1), EID, Optional.of(extension));
    }

    /** First contact, with another extension than usual. */
    static ClcConfirmSmcr confirm(FirstContactExtension extension) {
        return new ClcConfirmSmcr(2, true, BenchA.peerEnd(1), EID, Optional.of(extension), List.of(BenchA.peerGid(1)));
    }

    static ClcAcceptSmcr accept(boolean first) {
        return new ClcAcceptSmcr(2, first, BenchA.peerEnd(1), EID, extension(first));
    }

    static ClcConfirmSmcr confirm(boolean first) {
        return new ClcConfirmSmcr(
                2, first, BenchA.peerEnd(1), EID, extension(first), first ? List.of(BenchA.peerGid(1)) : List.of());
    }

    static ClcDecline decline(DiagnosisCode reason) {
        return ClcDecline.of(2, BenchA.PEER, reason);
    }
}
