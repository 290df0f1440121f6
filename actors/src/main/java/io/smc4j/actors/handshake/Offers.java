package io.smc4j.actors.handshake;

import io.smc4j.TransportPreference;
import io.smc4j.actors.node.IsmContext;
import io.smc4j.actors.node.NodeContext;
import io.smc4j.actors.node.RdmaContext;
import io.smc4j.protocol.Eid;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.MacAddress;
import io.smc4j.protocol.SmcVersion;
import io.smc4j.protocol.clc.FirstContactExtension;
import io.smc4j.protocol.clc.ProposalV2Extension;
import io.smc4j.protocol.clc.ProposalV2Extension.IsmEntry;
import io.smc4j.protocol.clc.SmcType;
import io.smc4j.rdma.IsmGid;
import io.smc4j.rdma.PortInfo;
import io.smc4j.rdma.route.KernelRoutes;
import io.smc4j.rdma.route.Way;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What a node offers in a PROPOSAL and finds in one: SMC version 2, release 1, and SMC-R version 1 where a port and the settings
 * allow it. SMC-D is of version 2 always: the GID of our ISM device has 128 bits, and version 1 has room for 64.
 */
final class Offers {
    static final int VERSION = 2;
    static final int RELEASE = 1;

    private final NodeContext node;

    Offers(NodeContext node) {
        this.node = node;
    }

    NodeContext node() {
        return node;
    }

    /** @param version whose release does not matter here */
    boolean canSmcR(TransportPreference preference, SmcVersion version) {
        return preference.allowsSmcR() && node.activePort(version).isPresent();
    }

    boolean canSmcD(TransportPreference preference) {
        return preference.allowsSmcD()
                && node.ism().isPresent()
                && node.settings().versions().allowsVersion2();
    }

    /** What to propose, or empty if there is nothing to offer. */
    Optional<Opening> opening(TransportPreference preference) {
        Optional<Opening.Version2> version2 = version2(preference);
        Optional<Opening.Port> version1 = preference.allowsSmcR()
                ? node.activePort(SmcVersion.V1)
                        .flatMap(port -> RdmaContext.gid(port, SmcVersion.V1)
                                .map(gid -> new Opening.Port(gid, RdmaContext.mac(port))))
                : Optional.empty();
        return version2.isEmpty() && version1.isEmpty()
                ? Optional.empty()
                : Optional.of(new Opening(node.identity().peerId(), version2, version1));
    }

    private Optional<Opening.Version2> version2(TransportPreference preference) {
        Optional<PortInfo> port = preference.allowsSmcR() ? node.activePort(SmcVersion.V2_1) : Optional.empty();
        boolean smcD = canSmcD(preference);
        if (port.isEmpty() && !smcD) {
            return Optional.empty();
        }
        Optional<ProposalV2Extension.SmcdV2> ism = smcD
                ? node.ism().map(context -> new ProposalV2Extension.SmcdV2(Optional.empty(), entries(context)))
                : Optional.empty();
        return Optional.of(new Opening.Version2(
                SmcType.of(port.isPresent(), smcD),
                port.map(RdmaContext::mac).orElse(MacAddress.NONE),
                new ProposalV2Extension(
                        RELEASE,
                        false,
                        port.flatMap(p -> RdmaContext.gid(p, SmcVersion.V2_1)).orElse(Gid.NONE),
                        node.settings().smcR().maxConnections(),
                        node.settings().smcR().maxLinks(),
                        FirstContactExtension.FEATURE_EMULATED_ISM,
                        node.identity().ueids(),
                        ism)));
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

    /**
     * Asks the kernel how our port of version 2 reaches the peer's.
     *
     * @return empty if their GIDs are no IPv4 addresses: software devices reach each other directly
     */
    Optional<CompletionStage<Way>> route(Gid peer) {
        return node.activePort(SmcVersion.V2_1)
                .flatMap(port -> RdmaContext.gid(port, SmcVersion.V2_1))
                .filter(own -> own.isIpv4Mapped() && peer.isIpv4Mapped())
                .map(own -> CompletableFuture.supplyAsync(
                                () -> KernelRoutes.way((int) own.low(), (int) peer.low()), node.blocking())
                        .exceptionally(failure -> Way.UNKNOWN));
    }

    /** First-contact extension of ACCEPT and CONFIRM, with the agreed limits. @param direct SMC-R: there is no gateway between the ports */
    FirstContactExtension extension(int release, int maxConnections, int maxLinks, boolean direct) {
        return new FirstContactExtension(
                direct,
                FirstContactExtension.OS_LINUX,
                release,
                node.identity().hostName(),
                release > 0 ? maxConnections : 0,
                release > 0 ? maxLinks : 0,
                release > 0 ? FirstContactExtension.FEATURE_EMULATED_ISM : 0,
                0);
    }
}
