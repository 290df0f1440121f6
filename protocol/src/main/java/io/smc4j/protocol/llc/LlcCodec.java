package io.smc4j.protocol.llc;

import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.WireField;
import io.smc4j.protocol.internal.WireReader;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * LLC messages to bytes and back.
 *
 * <p>An LLC message is one RDMA SEND, so its bytes are what was received, no more and no less: 44 in version 1, 44 to 8192 in
 * version 2. The first byte tells LLC from CDC, see {@link #isLlc}. Reserved fields are sent as zero and ignored on receipt.
 * Stateless; any thread may use it.
 */
public final class LlcCodec {
    /** Length of every message of version 1, and least length in version 2. */
    public static final int MIN_LENGTH = LlcHeader.V1_LENGTH;

    /** What a receive buffer of a version 2 link must hold. */
    public static final int MAX_LENGTH = LlcHeader.V2_MAX_LENGTH;

    /** Where the flags byte of every message is. */
    public static final int FLAGS_OFFSET = LlcHeader.FLAGS;

    private static final int CDC_TYPE = 0xFE;

    private LlcCodec() {}

    /** Whether a message that begins with this byte belongs to LLC: all do that are not CDC. */
    public static boolean isLlc(byte first) {
        return (first & 0xFF) != CDC_TYPE;
    }

    /**
     * Decodes one message, which must be everything between the buffer's position and its limit. Position and limit stay.
     *
     * @throws ProtocolViolation if the bytes are no valid message; no other exception, whatever the bytes
     */
    public static LlcMessage decode(ByteBuffer exactMessage) throws ProtocolViolation {
        LlcHeader header = LlcHeader.read(exactMessage);
        WireReader in = new WireReader("LLC " + header.type().name().replace('_', ' '), exactMessage);
        return switch (header.type()) {
            case CONFIRM_LINK -> ConfirmLinkCodec.decode(header, in);
            case ADD_LINK -> AddLinkCodec.decode(header, in);
            case ADD_LINK_CONTINUE -> AddLinkContinueCodec.decode(header, in);
            case DELETE_LINK -> DeleteLinkCodec.decode(header, in);
            case REQUEST_ADD_LINK -> RequestAddLinkCodec.decode(header, in);
            case CONFIRM_RKEY -> ConfirmRkeyCodec.decode(header, in);
            case TEST_LINK -> TestLinkCodec.decode(header, in);
            case CONFIRM_RKEY_CONTINUE -> ConfirmRkeyContinueCodec.decode(header, in);
            case DELETE_RKEY -> DeleteRkeyCodec.decode(header, in);
        };
    }

    /**
     * The byte order in which the sender of a message writes its own: the one to answer in. Little-endian for version 1, which
     * has none.
     *
     * @throws ProtocolViolation if the header is not valid
     */
    public static LlcByteOrder byteOrderOf(ByteBuffer exactMessage) throws ProtocolViolation {
        return LlcHeader.read(exactMessage).order();
    }

    /**
     * The fields of a message with their places, every byte of it, for people who look at a capture.
     *
     * @throws ProtocolViolation as {@link #decode} does
     */
    public static List<WireField> describe(ByteBuffer exactMessage) throws ProtocolViolation {
        return LlcFields.describe(decode(exactMessage), byteOrderOf(exactMessage), new WireReader("LLC", exactMessage));
    }

    /** Encodes as an x86 host would; see {@link #encode(LlcMessage, LlcByteOrder, ByteBuffer)}. */
    public static int encode(LlcMessage message, ByteBuffer target) {
        return encode(message, LlcByteOrder.LITTLE_ENDIAN, target);
    }

    /**
     * Encodes a message at the target's position and moves the position behind it.
     *
     * @param order what the peer takes for host order; matters to version 2 only
     * @return the length in bytes
     * @throws java.nio.BufferOverflowException if the target has no room for it; nothing is written then
     */
    public static int encode(LlcMessage message, LlcByteOrder order, ByteBuffer target) {
        return switch (message) {
            case LlcConfirmLink confirmLink -> ConfirmLinkCodec.encode(confirmLink, order, target);
            case LlcAddLink addLink -> AddLinkCodec.encode(addLink, order, target);
            case LlcAddLinkContinue more -> AddLinkContinueCodec.encode(more, order, target);
            case LlcDeleteLink deleteLink -> DeleteLinkCodec.encode(deleteLink, order, target);
            case LlcRequestAddLink request -> RequestAddLinkCodec.encode(request, order, target);
            case LlcConfirmRkey confirmRkey -> ConfirmRkeyCodec.encode(confirmRkey, order, target);
            case LlcConfirmRkeyContinue more -> ConfirmRkeyContinueCodec.encode(more, order, target);
            case LlcDeleteRkey deleteRkey -> DeleteRkeyCodec.encode(deleteRkey, order, target);
            case LlcTestLink testLink -> TestLinkCodec.encode(testLink, order, target);
        };
    }

    /** Encodes as an x86 host would, into a fresh array of the message's length. */
    public static byte[] encode(LlcMessage message) {
        return encode(message, LlcByteOrder.LITTLE_ENDIAN);
    }

    /** Encodes into a fresh array of the message's length. */
    public static byte[] encode(LlcMessage message, LlcByteOrder order) {
        ByteBuffer buffer = ByteBuffer.allocate(MAX_LENGTH);
        byte[] bytes = new byte[encode(message, order, buffer)];
        buffer.flip().get(bytes);
        return bytes;
    }
}
