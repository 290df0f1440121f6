package io.smc4j.actors.handshake;

import io.smc4j.TransportPreference;
import io.smc4j.actors.node.IsmContext;
import io.smc4j.actors.node.NodeContext;
import io.smc4j.actors.node.RdmaContext;
import io.smc4j.protocol.Eid;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.MacAddress;
import io.smc4j.protocol.clc.ClcProposal;
import io.smc4j.protocol.clc.FirstContactExtension;
import io.smc4j.protocol.clc.ProposalSmcdArea;
import io.smc4j.protocol.clc.ProposalV2Extension;
import io.smc4j.protocol.clc.ProposalV2Extension.IsmEntry;
import io.smc4j.protocol.clc.SmcType;
import io.smc4j.rdma.IsmGid;
import io.smc4j.rdma.PortInfo;
import io.smc4j.rdma.PortState;
import java.util.List;
import java.util.Optional;

/** What a node offers in a PROPOSAL and finds in one: SMC version 2, release 1. */
final class Offers {
    static final int VERSION = 2;
    static final int RELEASE = 1;

    private final NodeContext node;

    Offers(NodeContext node) {
        this.node = node;
    }

    /** The port that SMC-R would use first. */
    Optional<PortInfo> activePort() {
        for (RdmaContext context : node.rdma()) {
            for (PortInfo port : context.rdma().ports()) {
                if (port.state() == PortState.ACTIVE) {
                    return Optional.of(port);
                }
            }
        }
        return Optional.empty();
    }

    boolean canSmcR(TransportPreference preference) {
        return preference.allowsSmcR() && activePort().isPresent();
    }

    boolean canSmcD(TransportPreference preference) {
        return preference.allowsSmcD() && node.ism().isPresent();
    }

    /** The PROPOSAL, or empty if there is nothing to offer. */
    Optional<ClcProposal> proposal(TransportPreference preference) {
        boolean smcR = canSmcR(preference);
        boolean smcD = canSmcD(preference);
        if (!smcR && !smcD) {
            return Optional.empty();
        }
        Optional<PortInfo> port = smcR ? activePort() : Optional.empty();
        Optional<ProposalV2Extension.SmcdV2> ism = smcD
                ? node.ism().map(context -> new ProposalV2Extension.SmcdV2(Optional.empty(), entries(context)))
                : Optional.empty();
        return Optional.of(new ClcProposal(
                VERSION,
                SmcType.NONE,
                SmcType.of(smcR, smcD),
                // Linux fills this for version 1 only. Several smc4j nodes may share a port, so the server needs it to
                // tell them apart.
                node.identity().peerId(),
                Gid.NONE,
                port.map(RdmaContext::mac).orElse(MacAddress.NONE),
                Optional.of(ProposalSmcdArea.EMPTY),
                Optional.empty(),
                Optional.of(new ProposalV2Extension(
                        RELEASE,
                        false,
                        port.map(RdmaContext::gid).orElse(Gid.NONE),
                        node.settings().smcR().maxConnections(),
                        node.settings().smcR().maxLinks(),
                        FirstContactExtension.FEATURE_EMULATED_ISM,
                        node.identity().ueids(),
                        ism))));
    }

    /** A 128-bit GID takes two entries of the same fabric. */
    private static List<IsmEntry> entries(IsmContext context) {
        IsmGid gid = context.device().gid();
        int chid = context.device().chid();
        return List.of(new IsmEntry(gid.gid(), chid), new IsmEntry(gid.extension(), chid));
    }

    /** The first of the client's enterprise ids that we have too. */
    Optional<Eid> commonEid(ProposalV2Extension v2) {
        return v2.ueids().stream().filter(node.identity().ueids()::contains).findFirst();
    }

    /** The client's ISM device that shares memory with ours. */
    Optional<IsmGid> reachableIsm(ProposalV2Extension v2) {
        if (node.ism().isEmpty() || v2.smcd().isEmpty()) {
            return Optional.empty();
        }
        IsmContext own = node.ism().get();
        List<IsmEntry> entries = v2.smcd().get().devices();
        for (int i = 0; i + 1 < entries.size(); i++) {
            boolean pair = entries.get(i).chid() == own.device().chid()
                    && entries.get(i + 1).chid() == own.device().chid();
            IsmGid gid = new IsmGid(entries.get(i).gid(), entries.get(i + 1).gid());
            if (pair && own.device().reaches(gid)) {
                return Optional.of(gid);
            }
        }
        return Optional.empty();
    }

    /** First-contact extension of ACCEPT and CONFIRM, with the agreed limits. */
    FirstContactExtension extension(int release, int maxConnections, int maxLinks) {
        return new FirstContactExtension(
                true,
                FirstContactExtension.OS_LINUX,
                release,
                node.identity().hostName(),
                release > 0 ? maxConnections : 0,
                release > 0 ? maxLinks : 0,
                release > 0 ? FirstContactExtension.FEATURE_EMULATED_ISM : 0,
                0);
    }
}
