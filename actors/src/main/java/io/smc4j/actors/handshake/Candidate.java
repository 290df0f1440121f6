package io.smc4j.actors.handshake;

import io.smc4j.actors.group.GroupKey;
import io.smc4j.actors.group.GroupSpec.Limits;
import io.smc4j.actors.group.JoinRequest;
import io.smc4j.actors.group.LocalOffer;
import io.smc4j.protocol.Eid;
import io.smc4j.protocol.clc.ClcAcceptSmcd;
import io.smc4j.protocol.clc.ClcAcceptSmcr;
import io.smc4j.protocol.clc.ClcMessage;
import io.smc4j.protocol.clc.FirstContactExtension;
import io.smc4j.protocol.clc.ProposalPrefixes;
import io.smc4j.protocol.clc.SmcdSelection;
import io.smc4j.rdma.IsmGid;
import java.util.Optional;

/** What a server could serve a client with. */
sealed interface Candidate {
    /** Who it would be with. */
    GroupKey key();

    /** Of a new group. */
    Limits limits();

    JoinRequest request(JoinRequest.Addresses addresses);

    /** What is agreed on at first contact; empty in version 1. */
    Optional<FirstContactExtension> firstContact(Offers offers);

    /** ACCEPT. @param agreed as {@link #firstContact} gave it; empty at subsequent contact */
    ClcMessage accept(LocalOffer own, Optional<FirstContactExtension> agreed);

    /** Version of the CLC messages, 1 or 2: CONFIRM must be of the same. */
    default int version() {
        return key().version().number();
    }

    /** SMC-D of version 2. @param peer the client's device */
    record SmcD(IsmGid peer, Eid eid, int release, Limits limits) implements Candidate {
        @Override
        public GroupKey key() {
            return new GroupKey.Smcd(peer);
        }

        @Override
        public JoinRequest request(JoinRequest.Addresses addresses) {
            return new JoinRequest.SmcdServer(addresses, peer);
        }

        @Override
        public Optional<FirstContactExtension> firstContact(Offers offers) {
            return Optional.of(offers.extension(release, limits.maxConnections(), limits.maxLinks(), true));
        }

        @Override
        public ClcMessage accept(LocalOffer own, Optional<FirstContactExtension> agreed) {
            if (!(own instanceof LocalOffer.Smcd o)) {
                throw new IllegalStateException("an SMC-R offer of an SMC-D link group: a bug");
            }
            return new ClcAcceptSmcd(
                    Offers.VERSION,
                    o.firstContact(),
                    o.endpoint(),
                    Optional.of(new SmcdSelection(o.chid(), eid, o.gid().extension())),
                    agreed);
        }
    }

    /** SMC-R of version 2. @param direct whether there is no gateway on the way to the client's port */
    record SmcR(GroupKey.Smcr key, Eid eid, Limits limits, boolean direct) implements Candidate {
        SmcR overGateway() {
            return new SmcR(key, eid, limits, false);
        }

        @Override
        public JoinRequest request(JoinRequest.Addresses addresses) {
            return new JoinRequest.SmcrServer(addresses, key.gid(), direct);
        }

        @Override
        public Optional<FirstContactExtension> firstContact(Offers offers) {
            return Optional.of(
                    offers.extension(key.version().release(), limits.maxConnections(), limits.maxLinks(), direct));
        }

        @Override
        public ClcMessage accept(LocalOffer own, Optional<FirstContactExtension> agreed) {
            return smcR(Offers.VERSION, own, Optional.of(eid), agreed);
        }
    }

    /** SMC-R of version 1. @param prefixes one of them must be ours too */
    record SmcRVersion1(GroupKey.Smcr key, ProposalPrefixes prefixes, Limits limits) implements Candidate {
        @Override
        public JoinRequest request(JoinRequest.Addresses addresses) {
            return new JoinRequest.SmcrServer(addresses, key.gid(), true);
        }

        @Override
        public Optional<FirstContactExtension> firstContact(Offers offers) {
            return Optional.empty();
        }

        @Override
        public ClcMessage accept(LocalOffer own, Optional<FirstContactExtension> agreed) {
            return smcR(1, own, Optional.empty(), Optional.empty());
        }
    }

    private static ClcMessage smcR(
            int version, LocalOffer own, Optional<Eid> eid, Optional<FirstContactExtension> agreed) {
        if (!(own instanceof LocalOffer.Smcr o)) {
            throw new IllegalStateException("an SMC-D offer of an SMC-R link group: a bug");
        }
        return new ClcAcceptSmcr(version, o.firstContact(), o.endpoint(), eid, agreed);
    }
}
