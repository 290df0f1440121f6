package io.smc4j.rdma;

/**
 * A 16-byte port address (GID), big-endian halves.
 *
 * @param high bytes 0..7
 * @param low bytes 8..15
 */
public record RdmaGid(long high, long low) {
    private static final long IPV4_PREFIX = 0xffffL;

    /** Whether it is an IPv4 address in IPv6 form ({@code ::ffff:a.b.c.d}), as RoCE v2 uses them. */
    public boolean isIpv4Mapped() {
        return high == 0 && low >>> 32 == IPV4_PREFIX;
    }

    @Override
    public String toString() {
        return "%04x:%04x:%04x:%04x:%04x:%04x:%04x:%04x"
                .formatted(
                        high >>> 48,
                        (high >>> 32) & 0xffff,
                        (high >>> 16) & 0xffff,
                        high & 0xffff,
                        low >>> 48,
                        (low >>> 32) & 0xffff,
                        (low >>> 16) & 0xffff,
                        low & 0xffff);
    }
}
