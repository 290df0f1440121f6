package io.smc4j.protocol;

import java.nio.ByteBuffer;

/**
 * The experimental TCP option by which both ends of a TCP connection say in SYN and SYN-ACK that they speak SMC.
 *
 * <pre>
 *  0        1        2        3        4        5        6        7
 * +--------+--------+--------+--------+--------+--------+--------+--------+
 * | NOP 01 | NOP 01 | kind FE| len 06 |  E2        D4        C3       D9  |   "SMCR" in EBCDIC
 * +--------+--------+--------+--------+--------+--------+--------+--------+
 * </pre>
 *
 * <p>Recognised as Linux does: kind 254, an even length of at least 6, the magic first; whatever follows the magic is ignored.
 */
public final class TcpOption {
    /** TCP option kind 254: experiment 2 of RFC 4727. */
    public static final int KIND = 254;

    /** The option without padding. */
    public static final int LENGTH = 6;

    /** The room that Linux reserves: two NOPs and the option. */
    public static final int PADDED_LENGTH = 8;

    /** The experiment id: "SMCR" in EBCDIC, big-endian. */
    public static final int MAGIC = 0xE2D4C3D9;

    private static final int END_OF_OPTIONS = 0;
    private static final int NO_OPERATION = 1;

    private TcpOption() {}

    /** The eight bytes that Linux sends, as a fresh array. */
    public static byte[] encode() {
        return ByteBuffer.allocate(PADDED_LENGTH)
                .put((byte) NO_OPERATION)
                .put((byte) NO_OPERATION)
                .put((byte) KIND)
                .put((byte) LENGTH)
                .putInt(MAGIC)
                .array();
    }

    /**
     * Whether the options of a SYN segment, from position to limit, hold the SMC option. The buffer's position is left alone.
     *
     * @throws ProtocolViolation if an option's length leaves the list, which no TCP stack lets through
     */
    public static boolean isPresent(ByteBuffer options) throws ProtocolViolation {
        return offsetIn(options) >= 0;
    }

    /**
     * The offset of the option's kind byte from the buffer's position, or -1 if the list does not hold it.
     *
     * @throws ProtocolViolation if an option's length leaves the list
     */
    public static int offsetIn(ByteBuffer options) throws ProtocolViolation {
        ByteBuffer list = options.slice();
        int at = 0;
        while (at < list.limit()) {
            int kind = list.get(at) & 0xFF;
            if (kind == END_OF_OPTIONS) {
                return -1;
            }
            if (kind == NO_OPERATION) {
                at++;
                continue;
            }
            int length = at + 1 < list.limit() ? list.get(at + 1) & 0xFF : 0;
            if (length < 2 || at + length > list.limit()) {
                throw new ProtocolViolation(
                        "TCP options", at, "option " + kind + " of length " + length, "options stay inside the header");
            }
            if (kind == KIND && length >= LENGTH && length % 2 == 0 && list.getInt(at + 2) == MAGIC) {
                return at;
            }
            at += length;
        }
        return -1;
    }
}
