package io.smc4j.actors.handshake;

import io.smc4j.actors.group.GroupKey;
import io.smc4j.actors.group.GroupSpec.Limits;
import io.smc4j.actors.group.JoinRequest;
import io.smc4j.actors.group.LocalOffer;
import io.smc4j.config.SmcRSettings;
import io.smc4j.protocol.SmcVersion;
import io.smc4j.protocol.clc.ClcAcceptSmcd;
import io.smc4j.protocol.clc.ClcAcceptSmcr;
import io.smc4j.protocol.clc.ClcConfirmSmcd;
import io.smc4j.protocol.clc.ClcConfirmSmcr;
import io.smc4j.protocol.clc.ClcDecline;
import io.smc4j.protocol.clc.ClcMessage;
import io.smc4j.protocol.clc.ClcProposal;
import io.smc4j.protocol.clc.DiagnosisCode;
import io.smc4j.protocol.clc.FirstContactExtension;
import io.smc4j.protocol.clc.SmcdSelection;
import io.smc4j.rdma.IsmGid;
import java.util.List;
import java.util.Optional;

/** What the server answered to PROPOSAL, judged by what was offered. */
sealed interface Answer {
    /** DECLINE. */
    record Declined(ClcDecline message) implements Answer {}

    /** ACCEPT of what cannot be: to be declined. */
    record Unacceptable(DiagnosisCode reason, String detail) implements Answer {}

    /** Another message than ACCEPT or DECLINE. */
    record Unexpected(String what) implements Answer {}

    /** ACCEPT of an offer. */
    sealed interface Accepted extends Answer {
        /** 1 or 2: the version of the messages that follow. */
        int version();

        /** Who it is with. */
        GroupKey key();

        Limits limits();

        boolean firstContact();

        /** The queue pair of the link that the server chose; 0 for SMC-D. */
        int queuePair();

        JoinRequest request(JoinRequest.Addresses addresses);

        /** The answer to ACCEPT. */
        ClcMessage confirm(LocalOffer own, Offers offers);
    }

    static Answer of(ClcMessage message, ClcProposal offered, SmcRSettings own) {
        return switch (message) {
            case ClcDecline d -> new Declined(d);
            case ClcAcceptSmcr a -> smcR(a, offered, own);
            case ClcAcceptSmcd a -> smcD(a, offered, own);
            case ClcProposal p -> new Unexpected("PROPOSAL");
            case ClcConfirmSmcr c -> new Unexpected("CONFIRM");
            case ClcConfirmSmcd c -> new Unexpected("CONFIRM");
        };
    }

    private static Answer smcR(ClcAcceptSmcr accept, ClcProposal offered, SmcRSettings own) {
        boolean version1 = accept.version() == 1;
        if (!(version1 ? offered.typeV1() : offered.typeV2()).offersR()) {
            return new Unacceptable(
                    DiagnosisCode.MODEUNSUPP,
                    "the server accepted SMC-R version " + (version1 ? 1 : 2) + ", which was not offered");
        }
        Optional<Unacceptable> release = release(accept.extension());
        if (release.isPresent()) {
            return release.get();
        }
        SmcR accepted = new SmcR(accept, Limits.of(accept.extension(), own));
        int connections = accepted.limits().maxConnections();
        int links = accepted.limits().maxLinks();
        if (connections < Limits.LEAST_CONNECTIONS || connections > Limits.MOST_CONNECTIONS) {
            return new Unacceptable(
                    DiagnosisCode.MAXCONNERR, "the server wants " + connections + " connections per link group");
        }
        return links < 1 || links > Limits.MOST_LINKS
                ? new Unacceptable(DiagnosisCode.MAXLINKERR, "the server wants " + links + " links per link group")
                : accepted;
    }

    private static Answer smcD(ClcAcceptSmcd accept, ClcProposal offered, SmcRSettings own) {
        if (!offered.typeV2().offersD() || accept.selection().isEmpty()) {
            return new Unacceptable(
                    DiagnosisCode.MODEUNSUPP,
                    "the server accepted SMC-D" + (accept.selection().isEmpty() ? " version 1" : "")
                            + ", which was not offered");
        }
        Optional<Unacceptable> release = release(accept.extension());
        return release.isPresent()
                ? release.get()
                : new SmcD(accept, accept.selection().get(), Limits.of(Optional.empty(), own));
    }

    private static Optional<Unacceptable> release(Optional<FirstContactExtension> extension) {
        return extension
                .map(FirstContactExtension::release)
                .filter(release -> release > Offers.RELEASE)
                .map(release -> new Unacceptable(
                        DiagnosisCode.RELEASEERR,
                        "the server accepted release " + release + " of SMC version 2; release " + Offers.RELEASE
                                + " was offered"));
    }

    /** First contact: our host facts, and the server's limits repeated exactly. */
    private static Optional<FirstContactExtension> repeat(Optional<FirstContactExtension> theirs, Offers offers) {
        return theirs.map(e -> offers.extension(e.release(), e.maxConnections(), e.maxLinks(), e.direct()));
    }

    /** SMC-R, of either version. */
    record SmcR(ClcAcceptSmcr accept, Limits limits) implements Accepted {
        @Override
        public int version() {
            return Math.min(accept.version(), Offers.VERSION);
        }

        /** The server says that there is a gateway between its port and ours. */
        boolean overGateway() {
            return accept.extension().filter(e -> !e.direct()).isPresent();
        }

        @Override
        public GroupKey key() {
            // Without an extension the release is that of a group which there is.
            SmcVersion smc = version() == 1
                    ? SmcVersion.V1
                    : accept.extension()
                            .flatMap(e -> SmcVersion.ofRelease(e.release()))
                            .orElse(SmcVersion.V2_1);
            return new GroupKey.Smcr(
                    smc,
                    accept.endpoint().peerId().value(),
                    accept.endpoint().gid(),
                    accept.endpoint().mac());
        }

        @Override
        public boolean firstContact() {
            return accept.firstContact();
        }

        @Override
        public int queuePair() {
            return accept.endpoint().qpNumber();
        }

        @Override
        public JoinRequest request(JoinRequest.Addresses addresses) {
            return new JoinRequest.SmcrClient(addresses, accept.firstContact(), accept.endpoint(), !overGateway());
        }

        @Override
        public ClcMessage confirm(LocalOffer own, Offers offers) {
            if (!(own instanceof LocalOffer.Smcr offer)) {
                throw new IllegalStateException("an SMC-D offer for an ACCEPT of SMC-R: a bug");
            }
            boolean gids = version() > 1 && accept.firstContact();
            return new ClcConfirmSmcr(
                    version(),
                    accept.firstContact(),
                    offer.endpoint(),
                    accept.eid(),
                    repeat(accept.extension(), offers),
                    gids ? List.of(offer.endpoint().gid()) : List.of());
        }
    }

    /** SMC-D of version 2. */
    record SmcD(ClcAcceptSmcd accept, SmcdSelection selection, Limits limits) implements Accepted {
        @Override
        public int version() {
            return Offers.VERSION;
        }

        private IsmGid gid() {
            return new IsmGid(accept.endpoint().ismGid(), selection.ismGidExtension());
        }

        @Override
        public GroupKey key() {
            return new GroupKey.Smcd(gid());
        }

        @Override
        public boolean firstContact() {
            return accept.firstContact();
        }

        @Override
        public int queuePair() {
            return 0;
        }

        @Override
        public JoinRequest request(JoinRequest.Addresses addresses) {
            return new JoinRequest.SmcdClient(addresses, accept.firstContact(), accept.endpoint(), gid());
        }

        @Override
        public ClcMessage confirm(LocalOffer own, Offers offers) {
            if (!(own instanceof LocalOffer.Smcd offer)) {
                throw new IllegalStateException("an SMC-R offer for an ACCEPT of SMC-D: a bug");
            }
            return new ClcConfirmSmcd(
                    Offers.VERSION,
                    accept.firstContact(),
                    offer.endpoint(),
                    Optional.of(new SmcdSelection(
                            offer.chid(), selection.eid(), offer.gid().extension())),
                    repeat(accept.extension(), offers));
        }
    }
}
