package io.smc4j.protocol.clc;

import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.WireField;
import io.smc4j.protocol.internal.WireReader;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * CLC messages to bytes and back.
 *
 * <p>Reading from TCP takes two steps so that not one byte of the application is consumed: peek {@link #HEADER_LENGTH} bytes,
 * ask {@link #peekHeader} for the length, read exactly that. Reserved fields are sent as zero and ignored on receipt.
 * Stateless; any thread may use it.
 */
public final class ClcCodec {
    /** Bytes to peek before the length of a message is known. */
    public static final int HEADER_LENGTH = ClcHeader.BYTES;

    private ClcCodec() {}

    /**
     * Reads the header at the buffer's position, which stays where it is; bytes behind the header do not matter.
     *
     * @throws ProtocolViolation if these bytes open no CLC message, or one of impossible length
     */
    public static ClcHeader peekHeader(ByteBuffer first8) throws ProtocolViolation {
        return ClcHeader.read(new WireReader("CLC header", first8));
    }

    /**
     * Decodes one message, which must be everything between the buffer's position and its limit. Position and limit stay.
     *
     * @throws ProtocolViolation if the bytes are no valid message; no other exception, whatever the bytes
     */
    public static ClcMessage decode(ByteBuffer exactMessage) throws ProtocolViolation {
        ClcHeader header = peekHeader(exactMessage);
        WireReader in = new WireReader("CLC " + header.type(), exactMessage);
        if (in.length() != header.length()) {
            throw in.violation(
                    ClcHeader.LENGTH,
                    "length " + header.length(),
                    "it must equal the bytes of the message, which are " + in.length());
        }
        return switch (header.type()) {
            case PROPOSAL -> ProposalCodec.decode(header, in);
            case ACCEPT ->
                switch (selectedType(header, in)) {
                    case R -> AcceptSmcrCodec.decode(header, in);
                    default -> AcceptSmcdCodec.decode(header, in);
                };
            case CONFIRM ->
                switch (selectedType(header, in)) {
                    case R -> ConfirmSmcrCodec.decode(header, in);
                    default -> ConfirmSmcdCodec.decode(header, in);
                };
            case DECLINE -> DeclineCodec.decode(header, in);
        };
    }

    /**
     * Encodes a message at the target's position and moves the position behind it.
     *
     * @return the length in bytes
     * @throws java.nio.BufferOverflowException if the target has no room for it; nothing is written then
     */
    public static int encode(ClcMessage message, ByteBuffer target) {
        return switch (message) {
            case ClcProposal proposal -> ProposalCodec.encode(proposal, target);
            case ClcAcceptSmcr accept -> AcceptSmcrCodec.encode(accept, target);
            case ClcAcceptSmcd accept -> AcceptSmcdCodec.encode(accept, target);
            case ClcConfirmSmcr confirm -> ConfirmSmcrCodec.encode(confirm, target);
            case ClcConfirmSmcd confirm -> ConfirmSmcdCodec.encode(confirm, target);
            case ClcDecline decline -> DeclineCodec.encode(decline, target);
        };
    }

    /** Encodes a message into a fresh array of its length. */
    public static byte[] encode(ClcMessage message) {
        ByteBuffer buffer = ByteBuffer.allocate(message.type().maxLength());
        byte[] bytes = new byte[encode(message, buffer)];
        buffer.flip().get(bytes);
        return bytes;
    }

    /**
     * The fields of a message with their places, every byte of it, for people who look at a capture.
     *
     * @throws ProtocolViolation as {@link #decode} does
     */
    public static List<WireField> describe(ByteBuffer exactMessage) throws ProtocolViolation {
        return ClcFields.describe(decode(exactMessage), new WireReader("CLC", exactMessage));
    }

    /**
     * Whether a stream that begins with these bytes may still turn out to open with a CLC message: a prefix of either
     * eyecatcher, or more bytes behind a whole one. Tells a plain TCP client at its first differing byte.
     *
     * @param prefix at least {@code length} bytes from the start of the stream
     * @param length how many of them to look at; 0 leaves everything possible
     */
    public static boolean couldBeClc(byte[] prefix, int length) {
        return matches(Eyecatcher.SMCR, prefix, length) || matches(Eyecatcher.SMCD, prefix, length);
    }

    private static boolean matches(Eyecatcher eyecatcher, byte[] prefix, int length) {
        for (int i = 0; i < Math.min(length, Eyecatcher.BYTES); i++) {
            if (prefix[i] != (byte) (eyecatcher.value() >>> (24 - 8 * i))) {
                return false;
            }
        }
        return true;
    }

    private static SmcType selectedType(ClcHeader header, WireReader in) throws ProtocolViolation {
        SmcType type = header.typeV1();
        if (type != SmcType.R && type != SmcType.D) {
            throw in.violation(ClcHeader.FLAGS, "type " + type, header.type() + " selects SMC-R (0) or SMC-D (1)");
        }
        return type;
    }
}
