package io.smc4j.protocol.internal;

import io.smc4j.protocol.Eid;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.MacAddress;
import io.smc4j.protocol.PeerId;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Big-endian writes at named offsets of one message of known length; every byte not written is zero, as reserved fields must be.
 *
 * <p>Takes its room from the target's position and moves it behind the message. Not thread-safe.
 */
public final class WireWriter {
    private final ByteBuffer bytes;
    private final int length;

    /** @throws BufferOverflowException if the target has less room than the message is long; nothing is written then */
    public WireWriter(ByteBuffer target, int length) {
        if (target.remaining() < length) {
            throw new BufferOverflowException();
        }
        this.bytes = target.slice(target.position(), length).order(ByteOrder.BIG_ENDIAN);
        this.length = length;
        target.position(target.position() + length);
        for (int i = 0; i < length; i++) {
            bytes.put(i, (byte) 0);
        }
    }

    /** The length of the whole message. */
    public int length() {
        return length;
    }

    public void u8(int offset, int value) {
        bytes.put(offset, (byte) value);
    }

    public void u16(int offset, int value) {
        bytes.putShort(offset, (short) value);
    }

    /** A 16-bit number in the byte order of its sender. */
    public void u16(int offset, int value, ByteOrder order) {
        u16(offset, order == ByteOrder.BIG_ENDIAN ? value : Short.reverseBytes((short) value));
    }

    public void u24(int offset, int value) {
        u16(offset, value >>> 8);
        u8(offset + 2, value);
    }

    public void i32(int offset, int value) {
        bytes.putInt(offset, value);
    }

    public void i64(int offset, long value) {
        bytes.putLong(offset, value);
    }

    public void gid(int offset, Gid gid) {
        i64(offset, gid.high());
        i64(offset + 8, gid.low());
    }

    public void mac(int offset, MacAddress mac) {
        u16(offset, (int) (mac.value() >>> 32));
        i32(offset + 2, (int) mac.value());
    }

    public void peerId(int offset, PeerId id) {
        i64(offset, id.value());
    }

    public void eid(int offset, Eid eid) {
        bytes.put(offset, eid.toBytes());
    }

    /** Latin-1 text, padded with blanks to the width of its field. */
    public void text(int offset, String text, int width) {
        bytes.put(offset, (text + " ".repeat(width - text.length())).getBytes(StandardCharsets.ISO_8859_1));
    }
}
