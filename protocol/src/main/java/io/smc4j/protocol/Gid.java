package io.smc4j.protocol;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * A 16-byte RDMA port address (GID), read and printed like an IPv6 address.
 *
 * <p>RoCE v1 ports carry link-local values ({@code fe80::...}), RoCE v2 ports IPv4-mapped ones ({@code ::ffff:a.b.c.d}). Every
 * 128-bit value is a GID; {@link #NONE} (all zero) means that the sender left the field empty.
 *
 * @param high bytes 0..7, big-endian
 * @param low bytes 8..15, big-endian
 */
public record Gid(long high, long low) {
    /** Bytes on the wire. */
    public static final int BYTES = 16;

    /** The empty field. */
    public static final Gid NONE = new Gid(0, 0);

    private static final long MAPPED_PREFIX = 0xFFFFL << 32;

    /** The RoCE v2 GID of an IPv4 address given as its 32 bits ({@code 0x0A630001} is 10.99.0.1). */
    public static Gid ofIpv4Mapped(int address) {
        return new Gid(0, MAPPED_PREFIX | Integer.toUnsignedLong(address));
    }

    /**
     * A GID from its 16 bytes, or the IPv4-mapped GID from an IPv4 address of 4 bytes.
     *
     * @throws IllegalArgumentException for any other number of bytes
     */
    public static Gid ofBytes(byte[] bytes) {
        return switch (bytes.length) {
            case 4 -> ofIpv4Mapped(ByteBuffer.wrap(bytes).getInt());
            case BYTES -> {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                yield new Gid(buffer.getLong(), buffer.getLong());
            }
            default ->
                throw new IllegalArgumentException("A GID has 16 bytes (or 4, an IPv4 address), not " + bytes.length);
        };
    }

    /**
     * Reads IPv6 text ({@code fe80::1}, {@code ::ffff:10.99.0.1}) or an IPv4 address, which gives the mapped GID.
     *
     * @throws IllegalArgumentException if the text is neither; no name is ever looked up
     */
    public static Gid parse(String text) {
        if (text.indexOf('%') >= 0 || text.indexOf('[') >= 0) {
            throw new IllegalArgumentException("A GID is plain IPv6 text without zone or brackets, not '" + text + "'");
        }
        try {
            return ofBytes(InetAddress.ofLiteral(text).getAddress());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("A GID is IPv6 text such as fe80::1, not '" + text + "'", e);
        }
    }

    /** Whether this is the GID of a RoCE v2 port with an IPv4 address. */
    public boolean isIpv4Mapped() {
        return high == 0 && low >>> 32 == 0xFFFFL;
    }

    /** Whether every byte is zero: the sender left the field empty. */
    public boolean isNone() {
        return high == 0 && low == 0;
    }

    /** The 16 bytes in wire order. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
    }

    private int group(int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> (48 - 16 * (index & 3))) & 0xFFFF;
    }

    /** IPv6 text as RFC 5952 writes it: lower case, the longest run of zero groups shortened to {@code ::}. */
    @Override
    public String toString() {
        if (isIpv4Mapped()) {
            int address = (int) low;
            return "::ffff:" + (address >>> 24) + '.' + (address >>> 16 & 0xFF) + '.' + (address >>> 8 & 0xFF) + '.'
                    + (address & 0xFF);
        }
        int runStart = -1;
        int runLength = 1;
        for (int start = 0; start < 8; start++) {
            int end = start;
            while (end < 8 && group(end) == 0) {
                end++;
            }
            if (end - start > runLength) {
                runStart = start;
                runLength = end - start;
            }
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == runStart) {
                text.append("::");
                i += runLength - 1;
            } else {
                if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(group(i)));
            }
        }
        return text.toString();
    }
}
