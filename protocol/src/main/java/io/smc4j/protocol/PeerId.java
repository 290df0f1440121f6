package io.smc4j.protocol;

import java.util.HexFormat;

/**
 * The 8-byte system id of an SMC host: two random bytes and the MAC address of its first RDMA port, so it changes when the
 * host restarts. Any value is valid; {@link #NONE} stands where a sender has no RDMA port.
 *
 * @param value the eight bytes, big-endian
 */
public record PeerId(long value) {
    /** Bytes on the wire. */
    public static final int BYTES = 8;

    /** The empty field. */
    public static final PeerId NONE = new PeerId(0);

    /**
     * Builds the id as Linux does.
     *
     * @param instance two random bytes, drawn once per process
     */
    public static PeerId of(int instance, MacAddress mac) {
        return new PeerId((long) instance << 48 | mac.value());
    }

    /** Whether every byte is zero. */
    public boolean isNone() {
        return value == 0;
    }

    /** Sixteen hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(value);
    }
}
