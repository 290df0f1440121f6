package io.smc4j.protocol.clc;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.MacAddress;
import io.smc4j.protocol.PeerId;
import io.smc4j.protocol.internal.Checks;
import java.util.Optional;

/**
 * The client's opening: which transports and versions it could use, and what the server needs to know to choose.
 *
 * @param version 1, or 2 and above; Linux always sends 2
 * @param typeV1 transports offered in version 1
 * @param typeV2 transports offered in version 2; {@link SmcType#NONE} in a version 1 message
 * @param peerId the client's host; {@link PeerId#NONE} unless SMC-R version 1 is offered, so take it from CONFIRM instead
 * @param gid RoCE v1 GID, empty like the peer id
 * @param mac MAC address of the RDMA port, empty like the peer id
 * @param smcdArea the version 1 ISM device; always there from version 2 on
 * @param prefixes the client's IP subnets, there if and only if version 1 is offered
 * @param v2 what version 2 adds, there if and only if version 2 is offered
 */
public record ClcProposal(
        int version,
        SmcType typeV1,
        SmcType typeV2,
        PeerId peerId,
        Gid gid,
        MacAddress mac,
        Optional<ProposalSmcdArea> smcdArea,
        Optional<ProposalPrefixes> prefixes,
        Optional<ProposalV2Extension> v2)
        implements ClcMessage {

    /** @throws IllegalArgumentException if the parts do not belong together */
    public ClcProposal {
        Checks.range("CLC version", version, 1, 15);
        boolean version2 = version >= 2;
        Checks.rule(version2 || typeV1 != SmcType.NONE, "a PROPOSAL of version 1 offers SMC-R, SMC-D or both");
        Checks.rule(version2 || typeV2 == SmcType.NONE, "a PROPOSAL of version 1 offers nothing of version 2");
        Checks.rule(!version2 || smcdArea.isPresent(), "a PROPOSAL of version 2 has an SMC-D area");
        Checks.rule(!typeV1.offersD() || smcdArea.isPresent(), "an offer of SMC-D version 1 needs the SMC-D area");
        Checks.rule(
                prefixes.isPresent() == (typeV1 != SmcType.NONE),
                "IP prefixes are there if and only if version 1 is offered");
        Checks.rule(
                v2.isPresent() == (typeV2 != SmcType.NONE),
                "the version 2 extension is there if and only if version 2 is offered");
        Checks.rule(
                v2.isEmpty() || typeV2.offersD() || v2.get().smcd().isEmpty(),
                "the SMC-D version 2 extension needs an offer of SMC-D version 2");
        // Linux reads the prefix count before it knows that there are no prefixes, and meets the last byte of this GID.
        Checks.rule(
                typeV1 != SmcType.NONE
                        || smcdArea.isEmpty()
                        || (smcdArea.get().ismGid() & 0xFF) <= ProposalPrefixes.MAX_IPV6,
                "without an offer of version 1 the last byte of the ISM GID must be 8 or less: Linux takes it for a count");
    }

    @Override
    public ClcType type() {
        return ClcType.PROPOSAL;
    }
}
