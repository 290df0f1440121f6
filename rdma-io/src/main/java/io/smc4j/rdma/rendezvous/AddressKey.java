package io.smc4j.rdma.rendezvous;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * An IP address and port as three numbers. IPv4 is IPv4-mapped IPv6, as a dual-stack socket sees it; scope ids are left out.
 *
 * @param high first half of the IPv6 address
 * @param low second half
 * @param port 0..65535
 */
record AddressKey(long high, long low, int port) {
    private static final long IPV4_MAPPED = 0xFFFF_0000_0000L;

    /** @throws IllegalArgumentException if the address is not resolved */
    static AddressKey of(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        if (ip == null) {
            throw new IllegalArgumentException(address + " is not resolved");
        }
        ByteBuffer bytes = ByteBuffer.wrap(ip.getAddress());
        if (ip.isAnyLocalAddress()) {
            return new AddressKey(0, 0, address.getPort());
        }
        return ip instanceof Inet4Address
                ? new AddressKey(0, IPV4_MAPPED | Integer.toUnsignedLong(bytes.getInt()), address.getPort())
                : new AddressKey(bytes.getLong(), bytes.getLong(), address.getPort());
    }

    boolean isWildcard() {
        return high == 0 && low == 0;
    }

    /** Whether a listener bound to this address gets connections to {@code target}. */
    boolean accepts(AddressKey target) {
        return port == target.port && (isWildcard() || equals(target));
    }

    /** Spreads addresses evenly; the same in every process. */
    int spread() {
        long hash = (high * 31 + low) * 31 + port;
        hash = (hash ^ (hash >>> 32)) * 0x9E37_79B9_7F4A_7C15L;
        return (int) (hash >>> 33);
    }
}
