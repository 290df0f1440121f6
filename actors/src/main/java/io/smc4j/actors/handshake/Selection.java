package io.smc4j.actors.handshake;

import io.smc4j.TransportPreference;
import io.smc4j.actors.group.GroupKey;
import io.smc4j.actors.group.GroupSpec.Limits;
import io.smc4j.config.SmcRSettings;
import io.smc4j.protocol.Eid;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.SmcVersion;
import io.smc4j.protocol.clc.ClcProposal;
import io.smc4j.protocol.clc.DiagnosisCode;
import io.smc4j.protocol.clc.ProposalV2Extension;
import io.smc4j.protocol.clc.SmcType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a server comes to serve a PROPOSAL: SMC-D, SMC-R version 2, SMC-R version 1, in this order as in Linux, each tried only if
 * those before it did not work out. If nothing does, the first trouble is what the client is told. Confined to its handshake's turn.
 */
final class Selection {
    private final ClcProposal proposal;
    private final Offers offers;
    private final TransportPreference allowed;
    private final SmcRSettings settings;
    private final Deque<Candidate> left = new ArrayDeque<>();
    private @Nullable Trouble trouble;

    Selection(ClcProposal proposal, Offers offers, TransportPreference allowed) {
        this.proposal = proposal;
        this.offers = offers;
        this.allowed = allowed;
        this.settings = offers.node().settings().smcR();
        boolean version2 = offers.node().settings().versions().allowsVersion2();
        if (version2) {
            proposal.v2().ifPresent(this::addVersion2);
        }
        addVersion1();
        boolean version1 = offers.node().settings().versions().allowsVersion1();
        if (!(version2 && proposal.v2().isPresent()) && !(version1 && proposal.typeV1() != SmcType.NONE)) {
            failed(new Trouble(
                    DiagnosisCode.PEERNOSMC,
                    "no version of SMC in common: the client offers version "
                            + (proposal.v2().isPresent() ? 2 : 1) + " only, this node is configured for version "
                            + (version2 ? 2 : 1) + " only (smc4j.versions)"));
        }
    }

    private void addVersion2(ProposalV2Extension v2) {
        Optional<Eid> eid = offers.commonEid(v2);
        if (eid.isEmpty()) {
            failed(new Trouble(
                    DiagnosisCode.NOUEID,
                    "no common enterprise id: the client has " + v2.ueids() + ", this node has "
                            + offers.node().identity().ueids() + "; set smc4j.ueids alike on both"));
            return;
        }
        int release = Math.min(v2.release(), Offers.RELEASE);
        Limits limits = limits(v2);
        if (proposal.typeV2().offersD() && offers.canSmcD(allowed)) {
            offers.reachableIsm(v2).ifPresent(peer -> left.add(new Candidate.SmcD(peer, eid.get(), release, limits)));
        }
        if (proposal.typeV2().offersR() && offers.canSmcR(allowed, SmcVersion.V2_1)) {
            if (limits.maxConnections() < Limits.LEAST_CONNECTIONS) {
                failed(new Trouble(
                        DiagnosisCode.MAXCONNERR, "the client wants fewer than 16 connections per link group"));
            } else if (limits.maxLinks() < 1) {
                failed(new Trouble(DiagnosisCode.MAXLINKERR, "the client wants no link at all"));
            } else {
                SmcVersion version = SmcVersion.ofRelease(release).orElse(SmcVersion.V2_0);
                left.add(new Candidate.SmcR(key(version, v2.roceGid()), eid.get(), limits, true));
            }
        }
    }

    private void addVersion1() {
        if (proposal.typeV1().offersR() && proposal.prefixes().isPresent() && offers.canSmcR(allowed, SmcVersion.V1)) {
            left.add(new Candidate.SmcRVersion1(
                    key(SmcVersion.V1, proposal.gid()),
                    proposal.prefixes().get(),
                    new Limits(settings.maxLinks(), settings.maxConnections())));
        }
    }

    private GroupKey.Smcr key(SmcVersion version, Gid gid) {
        return new GroupKey.Smcr(version, proposal.peerId().value(), gid, proposal.mac());
    }

    private Limits limits(ProposalV2Extension v2) {
        return v2.release() > 0 && proposal.typeV2().offersR()
                ? new Limits(
                        Math.min(v2.maxLinks(), settings.maxLinks()),
                        Math.min(v2.maxConnections(), settings.maxConnections()))
                : new Limits(settings.maxLinks(), settings.maxConnections());
    }

    /** What to try next, or null if nothing is left. */
    @Nullable
    Candidate next() {
        return left.poll();
    }

    /** Why a candidate did not work out, or could not be one. */
    void failed(Trouble why) {
        if (trouble == null) {
            trouble = why;
        }
    }

    /** Why the client cannot be served. */
    Trouble trouble() {
        Trouble first = trouble;
        return first != null
                ? first
                : new Trouble(
                        DiagnosisCode.NOSMCDEV,
                        "no transport in common: the client offers " + offered() + ", this listener allows "
                                + allowed.label() + " and has "
                                + (offers.canSmcD(allowed)
                                        ? "an ISM device that does not reach the client's"
                                        : "no ISM device")
                                + (offers.canSmcR(allowed, SmcVersion.V2_1)
                                        ? ""
                                        : " and no active RDMA port for version 2")
                                + (offers.canSmcR(allowed, SmcVersion.V1)
                                        ? ""
                                        : " and none with a RoCE v1 address, for version 1"));
    }

    private String offered() {
        String version2 = proposal.typeV2() == SmcType.NONE ? "" : proposal.typeV2() + " of version 2";
        String version1 = proposal.typeV1() == SmcType.NONE ? "" : proposal.typeV1() + " of version 1";
        return version2 + (version2.isEmpty() || version1.isEmpty() ? "" : " and ") + version1;
    }
}
