package io.smc4j.protocol;

import java.util.HexFormat;

/**
 * The 48-bit Ethernet address of an RDMA port.
 *
 * @param value the address as a number, first byte on the wire highest; 0..2^48-1
 */
public record MacAddress(long value) {
    /** Bytes on the wire. */
    public static final int BYTES = 6;

    /** The empty field. */
    public static final MacAddress NONE = new MacAddress(0);

    /** @throws IllegalArgumentException if the value needs more than 48 bits */
    public MacAddress {
        if (value >>> 48 != 0) {
            throw new IllegalArgumentException(
                    "A MAC address has 48 bits, but 0x" + Long.toHexString(value) + " has more");
        }
    }

    /**
     * Reads {@code 52:54:00:00:01:02}.
     *
     * @throws IllegalArgumentException if the text has any other form
     */
    public static MacAddress parse(String text) {
        if (!text.matches("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}")) {
            throw new IllegalArgumentException(
                    "A MAC address is six hexadecimal bytes such as 52:54:00:00:01:02, not '" + text + "'");
        }
        return new MacAddress(HexFormat.fromHexDigitsToLong(text.replace(":", "")));
    }

    /** Whether every byte is zero: the sender left the field empty. */
    public boolean isNone() {
        return value == 0;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(17);
        for (int shift = 40; shift >= 0; shift -= 8) {
            text.append(HexFormat.of().toHexDigits((byte) (value >>> shift)));
            if (shift > 0) {
                text.append(':');
            }
        }
        return text.toString();
    }
}
