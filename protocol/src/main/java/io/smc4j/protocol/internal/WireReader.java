package io.smc4j.protocol.internal;

import io.smc4j.protocol.Eid;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.MacAddress;
import io.smc4j.protocol.PathMtu;
import io.smc4j.protocol.PeerId;
import io.smc4j.protocol.ProtocolViolation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Big-endian reads at named offsets of one message, which is everything between the position and the limit of a buffer.
 *
 * <p>Codecs check the length once with {@link #requireLength} and then read inside it. Not thread-safe; leaves the source
 * buffer's position and order alone.
 */
public final class WireReader {
    private final String message;
    private final ByteBuffer bytes;

    public WireReader(String message, ByteBuffer source) {
        this.message = message;
        this.bytes = source.slice().order(ByteOrder.BIG_ENDIAN);
    }

    /** The number of bytes there are. */
    public int length() {
        return bytes.limit();
    }

    public int u8(int offset) {
        return bytes.get(offset) & 0xFF;
    }

    public int u16(int offset) {
        return bytes.getShort(offset) & 0xFFFF;
    }

    /** A 16-bit number in the byte order of its sender. */
    public int u16(int offset, ByteOrder order) {
        int value = u16(offset);
        return order == ByteOrder.BIG_ENDIAN ? value : (value & 0xFF) << 8 | value >>> 8;
    }

    public int u24(int offset) {
        return u16(offset) << 8 | u8(offset + 2);
    }

    public int i32(int offset) {
        return bytes.getInt(offset);
    }

    public long i64(int offset) {
        return bytes.getLong(offset);
    }

    public Gid gid(int offset) {
        return new Gid(i64(offset), i64(offset + 8));
    }

    public MacAddress mac(int offset) {
        return new MacAddress((long) u16(offset) << 32 | Integer.toUnsignedLong(i32(offset + 2)));
    }

    public PeerId peerId(int offset) {
        return new PeerId(i64(offset));
    }

    /** Bytes as Latin-1 text, so that nothing is lost. */
    public String text(int offset, int length) {
        return new String(bytes(offset, length), StandardCharsets.ISO_8859_1);
    }

    /** A copy of some bytes. */
    public byte[] bytes(int offset, int length) {
        byte[] copy = new byte[length];
        bytes.get(offset, copy);
        return copy;
    }

    public Eid eid(int offset) throws ProtocolViolation {
        String field = text(offset, Eid.BYTES);
        return Eid.ofWireText(field).orElseThrow(() -> violation(offset, quoted(field), Eid.RULE));
    }

    /** The path MTU in the low four bits of a byte. */
    public PathMtu mtu(int offset) throws ProtocolViolation {
        int code = u8(offset) & 0xF;
        return PathMtu.ofCode(code)
                .orElseThrow(() -> violation(offset, "QP MTU code " + code, "codes are 1 (256) to 5 (4096 bytes)"));
    }

    /** Whether a range holds nothing but zero. */
    public boolean isZero(int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (bytes.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Checks the length of a message that has only one.
     *
     * @throws ProtocolViolation unless the message has exactly this length
     */
    public void requireLength(int length, int lengthOffset) throws ProtocolViolation {
        if (length() != length) {
            throw violation(lengthOffset, length() + " bytes", "this message has " + length);
        }
    }

    /**
     * Checks the length of a message that may be longer.
     *
     * @throws ProtocolViolation unless the message has at least this length
     */
    public void requireAtLeast(int length, int lengthOffset) throws ProtocolViolation {
        if (length() < length) {
            throw violation(lengthOffset, length() + " bytes", "this message has at least " + length);
        }
    }

    /** A violation in this message, for the caller to throw. */
    public ProtocolViolation violation(int offset, String found, String rule) {
        return new ProtocolViolation(message, offset, found, rule);
    }

    private static String quoted(String field) {
        StringBuilder text = new StringBuilder("'");
        field.chars().forEach(c -> {
            if (c >= ' ' && c < 0x7F) {
                text.append((char) c);
            } else {
                text.append(String.format("\\x%02x", c));
            }
        });
        return text.append('\'').toString();
    }
}
