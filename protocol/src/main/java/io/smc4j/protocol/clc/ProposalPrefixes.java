package io.smc4j.protocol.clc;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.internal.Checks;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The IP subnets of the client's interface; a version 1 server refuses a client in none of its own.
 *
 * @param ipv4Subnet address and mask, 0 on an IPv6 socket
 * @param ipv4Length prefix length as sent
 * @param ipv6 up to eight IPv6 prefixes, empty on an IPv4 socket
 */
public record ProposalPrefixes(int ipv4Subnet, int ipv4Length, List<Ipv6Prefix> ipv6) {
    /** How many IPv6 prefixes there may be. */
    public static final int MAX_IPV6 = 8;

    /** @throws IllegalArgumentException if there are more than eight IPv6 prefixes */
    public ProposalPrefixes {
        Checks.u8("IPv4 prefix length", ipv4Length);
        ipv6 = List.copyOf(ipv6);
        Checks.range("number of IPv6 prefixes", ipv6.size(), 0, MAX_IPV6);
    }

    /** The prefix of an IPv4 socket. */
    public static ProposalPrefixes ofIpv4(int subnet, int length) {
        return new ProposalPrefixes(subnet, length, List.of());
    }

    /**
     * What a client proposes, by the addresses of the interface that its TCP connection uses.
     *
     * @return empty if none can be named: no IPv4 subnet holds the socket's address, or all IPv6 addresses are link-local
     */
    public static Optional<ProposalPrefixes> of(InterfaceAddresses own) {
        if (own.socketIpv4().isPresent()) {
            int address = own.socketIpv4().getAsInt();
            return own.ipv4().stream()
                    .filter(a -> a.subnetHolds(address))
                    .findFirst()
                    .map(a -> ofIpv4(a.address() & mask(a.length()), a.length()));
        }
        List<Ipv6Prefix> prefixes = own.ipv6().stream()
                .filter(a -> !a.isLinkLocal())
                .map(Ipv6Prefix::masked)
                .distinct()
                .limit(MAX_IPV6)
                .toList();
        return prefixes.isEmpty() ? Optional.empty() : Optional.of(new ProposalPrefixes(0, 0, prefixes));
    }

    /** Whether the server, with these addresses on its interface, is in one of the client's subnets. As Linux decides it. */
    public boolean sharedBy(InterfaceAddresses server) {
        if (ipv6.isEmpty()) {
            return server.ipv4().stream().anyMatch(a -> a.length() == ipv4Length && a.subnetHolds(ipv4Subnet));
        }
        return server.ipv6().stream()
                .filter(a -> !a.isLinkLocal())
                .anyMatch(a -> ipv6.stream()
                        .anyMatch(p -> p.length() == a.length() && p.masked().equals(a.masked())));
    }

    private static int mask(int length) {
        return length == 0 ? 0 : -1 << 32 - length;
    }

    /**
     * Addresses of a network interface.
     *
     * @param socketIpv4 address of the TCP connection's own end; empty if it is IPv6
     * @param ipv4 the interface's IPv4 addresses with their prefix lengths
     * @param ipv6 its IPv6 addresses with their prefix lengths
     */
    public record InterfaceAddresses(OptionalInt socketIpv4, List<Ipv4Address> ipv4, List<Ipv6Prefix> ipv6) {
        public InterfaceAddresses {
            ipv4 = List.copyOf(ipv4);
            ipv6 = List.copyOf(ipv6);
        }
    }

    /**
     * An IPv4 address of an interface.
     *
     * @param address the address
     * @param length of its subnet's prefix, 0..32
     */
    public record Ipv4Address(int address, int length) {
        /** @throws IllegalArgumentException if the length is out of its range */
        public Ipv4Address {
            Checks.range("IPv4 prefix length", length, 0, 32);
        }

        boolean subnetHolds(int other) {
            return ((address ^ other) & mask(length)) == 0;
        }
    }

    /**
     * An IPv6 subnet.
     *
     * @param address the masked address
     * @param length prefix length as sent
     */
    public record Ipv6Prefix(Gid address, int length) {
        /** @throws IllegalArgumentException if the length needs more than a byte */
        public Ipv6Prefix {
            Checks.u8("IPv6 prefix length", length);
        }

        boolean isLinkLocal() {
            return address.high() >>> 54 == 0xfe80 >>> 6;
        }

        /** The same with the bits behind the prefix cleared. */
        Ipv6Prefix masked() {
            long high = length >= Long.SIZE ? -1 : length == 0 ? 0 : -1L << Long.SIZE - length;
            long low = length >= 2 * Long.SIZE ? -1 : length <= Long.SIZE ? 0 : -1L << 2 * Long.SIZE - length;
            return new Ipv6Prefix(new Gid(address.high() & high, address.low() & low), length);
        }
    }
}
