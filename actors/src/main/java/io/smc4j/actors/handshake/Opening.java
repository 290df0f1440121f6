package io.smc4j.actors.handshake;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.MacAddress;
import io.smc4j.protocol.PeerId;
import io.smc4j.protocol.clc.ClcProposal;
import io.smc4j.protocol.clc.ProposalPrefixes;
import io.smc4j.protocol.clc.ProposalSmcdArea;
import io.smc4j.protocol.clc.ProposalV2Extension;
import io.smc4j.protocol.clc.SmcType;
import java.net.InetAddress;
import java.util.Optional;

/**
 * What a client is going to propose. With version 1 that depends on the local address of its TCP connection, whose subnet is told;
 * without, everything is known before. Something is always offered.
 *
 * @param peerId our node
 * @param version2 what version 2 offers, if anything
 * @param version1 the port that SMC-R version 1 would use first, if it is offered
 */
record Opening(PeerId peerId, Optional<Version2> version2, Optional<Port> version1) {
    /** An offer of version 2. */
    record Version2(SmcType type, MacAddress mac, ProposalV2Extension extension) {}

    /** A port with its RoCE v1 GID. */
    record Port(Gid gid, MacAddress mac) {}

    /** Whether {@link #from} asks the kernel for subnets, and so is for blocking threads only. */
    boolean asksForSubnets() {
        return version1.isPresent();
    }

    /**
     * The PROPOSAL of a connection. Version 1 is left out if no subnet of the address can be named.
     *
     * @return empty if nothing else is offered
     */
    Optional<ClcProposal> from(InetAddress local) {
        Optional<ProposalPrefixes> prefixes =
                version1.flatMap(port -> Subnets.around(local)).flatMap(ProposalPrefixes::of);
        if (prefixes.isEmpty() && version2.isEmpty()) {
            return Optional.empty();
        }
        if (version2.isEmpty()) { // as RFC 7609 has it: servers that know nothing else may look at the version
            return Optional.of(proposal(1, prefixes, Optional.empty()));
        }
        return Optional.of(proposal(Offers.VERSION, prefixes, Optional.of(ProposalSmcdArea.EMPTY)));
    }

    private ClcProposal proposal(int version, Optional<ProposalPrefixes> prefixes, Optional<ProposalSmcdArea> area) {
        boolean withVersion1 = prefixes.isPresent();
        Optional<Port> port = version1.filter(p -> withVersion1);
        return new ClcProposal(
                version,
                SmcType.of(withVersion1, false),
                version2.map(Version2::type).orElse(SmcType.NONE),
                // Linux fills this for version 1 only. Several smc4j nodes may share a port, so the server needs it to
                // tell them apart.
                peerId,
                port.map(Port::gid).orElse(Gid.NONE),
                port.map(Port::mac).orElseGet(() -> version2.map(Version2::mac).orElse(MacAddress.NONE)),
                area,
                prefixes,
                version2.map(Version2::extension));
    }
}
