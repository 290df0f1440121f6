package io.smc4j.actors.handshake;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.clc.ProposalPrefixes.InterfaceAddresses;
import io.smc4j.protocol.clc.ProposalPrefixes.Ipv4Address;
import io.smc4j.protocol.clc.ProposalPrefixes.Ipv6Prefix;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** IP subnets of this host, which version 1 compares. They ask the kernel, which may have to wait: blocking threads only. */
final class Subnets {
    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;

    private Subnets() {}

    /**
     * The addresses of the network interface that a TCP connection's own address belongs to.
     *
     * @return empty if no interface has that address (any more)
     */
    static Optional<InterfaceAddresses> around(InetAddress own) {
        try {
            List<List<InterfaceAddress>> interfaces = NetworkInterface.networkInterfaces()
                    .map(NetworkInterface::getInterfaceAddresses)
                    .toList();
            for (List<InterfaceAddress> addresses : interfaces) {
                if (addresses.stream().anyMatch(a -> a.getAddress().equals(own))) {
                    return Optional.of(addresses(own, addresses));
                }
            }
            // All of 127.0.0.0/8 is this host's, though the loopback interface has one address.
            return own.isLoopbackAddress()
                    ? interfaces.stream()
                            .filter(addresses -> addresses.stream()
                                    .anyMatch(a -> a.getAddress().isLoopbackAddress()))
                            .findFirst()
                            .map(addresses -> addresses(own, addresses))
                    : Optional.empty();
        } catch (SocketException e) {
            return Optional.empty(); // no interfaces, or they cannot be listed: as good as an address of none
        }
    }

    private static InterfaceAddresses addresses(InetAddress own, List<InterfaceAddress> found) {
        List<Ipv4Address> ipv4 = new ArrayList<>();
        List<Ipv6Prefix> ipv6 = new ArrayList<>();
        for (InterfaceAddress one : found) {
            int length = one.getNetworkPrefixLength();
            if (one.getAddress() instanceof Inet4Address address) {
                if (length >= 0 && length <= IPV4_BITS) {
                    ipv4.add(new Ipv4Address(bits(address), length));
                }
            } else if (length >= 0 && length <= IPV6_BITS) {
                ByteBuffer bytes = ByteBuffer.wrap(one.getAddress().getAddress());
                ipv6.add(new Ipv6Prefix(new Gid(bytes.getLong(), bytes.getLong()), length));
            }
        }
        OptionalInt socket = own instanceof Inet4Address address ? OptionalInt.of(bits(address)) : OptionalInt.empty();
        return new InterfaceAddresses(socket, ipv4, ipv6);
    }

    private static int bits(Inet4Address address) {
        return ByteBuffer.wrap(address.getAddress()).getInt();
    }
}
