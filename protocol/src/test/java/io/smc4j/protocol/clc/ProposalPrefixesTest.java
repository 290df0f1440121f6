package io.smc4j.protocol.clc;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.clc.ProposalPrefixes.InterfaceAddresses;
import io.smc4j.protocol.clc.ProposalPrefixes.Ipv4Address;
import io.smc4j.protocol.clc.ProposalPrefixes.Ipv6Prefix;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Spec 3.2.3: what a client proposes and when a server finds itself in it. */
final class ProposalPrefixesTest {
    private static final int A = 0xC000_0205; // 192.0.2.5
    private static final Ipv6Prefix LINK_LOCAL = ipv6(0xfe80_0000_0000_0000L, 1, 64);

    @Test
    void shouldProposeTheSubnetThatHoldsTheSocketsAddress() {
        var own = ipv4(A, new Ipv4Address(0x0A00_0001, 8), new Ipv4Address(0xC000_0201, 24));
        assertThat(ProposalPrefixes.of(own)).contains(ProposalPrefixes.ofIpv4(0xC000_0200, 24));
    }

    @Test
    void shouldProposeNothingWhenNoSubnetHoldsTheSocketsAddress() {
        assertThat(ProposalPrefixes.of(ipv4(A, new Ipv4Address(0x0A00_0001, 8))))
                .isEmpty();
    }

    @Test
    void shouldProposeWholeAndEmptyMasks() {
        assertThat(ProposalPrefixes.of(ipv4(A, new Ipv4Address(A, 32)))).contains(ProposalPrefixes.ofIpv4(A, 32));
        assertThat(ProposalPrefixes.of(ipv4(A, new Ipv4Address(1, 0)))).contains(ProposalPrefixes.ofIpv4(0, 0));
    }

    @Test
    void shouldProposeEightIpv6PrefixesAtMostAndNoLinkLocalOne() {
        List<Ipv6Prefix> addresses = IntStream.range(0, 10)
                .mapToObj(i -> ipv6(0x2001_0db8_0000_0000L + i, 7, 64))
                .toList();
        assertThat(ProposalPrefixes.of(ipv6(LINK_LOCAL))).isEmpty();
        assertThat(ProposalPrefixes.of(ipv6(LINK_LOCAL, addresses.get(3))))
                .contains(new ProposalPrefixes(0, 0, List.of(ipv6(0x2001_0db8_0000_0003L, 0, 64))));
        Optional<ProposalPrefixes> many = ProposalPrefixes.of(ipv6(addresses.toArray(Ipv6Prefix[]::new)));
        assertThat(many.orElseThrow().ipv6()).hasSize(ProposalPrefixes.MAX_IPV6);
    }

    @Test
    void shouldMatchOnlySubnetsOfEqualLength() {
        var proposed = ProposalPrefixes.ofIpv4(0xC000_0200, 24);
        assertThat(proposed.sharedBy(ipv4(0, new Ipv4Address(0xC000_0263, 24)))).isTrue();
        assertThat(proposed.sharedBy(ipv4(0, new Ipv4Address(0xC000_0263, 25)))).isFalse();
        assertThat(proposed.sharedBy(ipv4(0, new Ipv4Address(0xC000_0363, 24)))).isFalse();
        assertThat(proposed.sharedBy(ipv4(0))).isFalse();
    }

    @Test
    void shouldMatchAnyIpv6PrefixButNoLinkLocalOne() {
        var proposed = new ProposalPrefixes(
                0, 0, List.of(ipv6(0xfe80_0000_0000_0000L, 0, 64), ipv6(0x2001_0db8_0000_0003L, 0, 56)));
        assertThat(proposed.sharedBy(ipv6(ipv6(0x2001_0db8_0000_0000L, 0x42, 56))))
                .isTrue();
        assertThat(proposed.sharedBy(ipv6(ipv6(0x2001_0db8_0000_0000L, 0x42, 64))))
                .isFalse();
        assertThat(proposed.sharedBy(ipv6(LINK_LOCAL))).isFalse();
    }

    private static InterfaceAddresses ipv4(int socket, Ipv4Address... addresses) {
        return new InterfaceAddresses(OptionalInt.of(socket), List.of(addresses), List.of());
    }

    private static InterfaceAddresses ipv6(Ipv6Prefix... addresses) {
        return new InterfaceAddresses(OptionalInt.empty(), List.of(), List.of(addresses));
    }

    private static Ipv6Prefix ipv6(long high, long low, int length) {
        return new Ipv6Prefix(new Gid(high, low), length);
    }
}
