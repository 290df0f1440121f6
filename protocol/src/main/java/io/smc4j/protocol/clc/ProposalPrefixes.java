package io.smc4j.protocol.clc;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.internal.Checks;
import java.util.List;

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
    }
}
