package io.smc4j.actors.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.protocol.clc.ProposalPrefixes;
import io.smc4j.protocol.clc.ProposalPrefixes.InterfaceAddresses;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Subnets as this machine's kernel has them. */
class SubnetsTest {
    private static InetAddress address(int... bytes) throws Exception {
        byte[] address = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            address[i] = (byte) bytes[i];
        }
        return InetAddress.getByAddress(address);
    }

    @Test
    void shouldNameTheSubnetOfEveryAddressOfThisHost() throws Exception {
        List<InterfaceAddress> all = NetworkInterface.networkInterfaces()
                .flatMap(one -> one.getInterfaceAddresses().stream())
                .toList();
        assertThat(all).isNotEmpty();
        for (InterfaceAddress one : all) {
            InterfaceAddresses around = Subnets.around(one.getAddress()).orElseThrow();
            boolean ipv4 = one.getAddress() instanceof java.net.Inet4Address;
            assertThat(around.socketIpv4().isPresent()).isEqualTo(ipv4);
            if (ipv4 || !one.getAddress().isLinkLocalAddress()) {
                assertThat(ProposalPrefixes.of(around))
                        .hasValueSatisfying(prefixes ->
                                assertThat(prefixes.sharedBy(around)).isTrue());
            }
        }
    }

    @Test
    void shouldTakeEveryLoopbackAddressForOneOfTheLoopbackInterface() throws Exception {
        ProposalPrefixes expected = ProposalPrefixes.ofIpv4(0x7f000000, 8);
        assertThat(Subnets.around(address(127, 0, 0, 1)).flatMap(ProposalPrefixes::of))
                .contains(expected);
        assertThat(Subnets.around(address(127, 4, 3, 2)).flatMap(ProposalPrefixes::of))
                .contains(expected);
    }

    @Test
    void shouldHaveNothingForAnAddressOfAnotherHost() throws Exception {
        assertThat(Subnets.around(address(203, 0, 113, 7))).isEmpty();
    }
}
