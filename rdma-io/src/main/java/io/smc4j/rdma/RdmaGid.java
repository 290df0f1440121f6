package io.smc4j.rdma;

/**
 * A 16-byte port address (GID), big-endian halves.
 *
 * @param high bytes 0..7
 * @param low bytes 8..15
 */
public record RdmaGid(long high, long low) {
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
