package io.smc4j.actors.handshake;

import io.smc4j.SmcException;
import io.smc4j.actors.tcp.ClcStream;
import io.smc4j.actors.tcp.EphemeralPorts;
import io.smc4j.actors.tcp.TcpReadiness;
import io.smc4j.protocol.clc.ClcCodec;
import io.smc4j.protocol.clc.ClcProposal;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.rendezvous.Announcer;
import io.smc4j.rdma.rendezvous.ListenerRecords;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** How a client knows, before it sends the first CLC byte, that the server wants it. Thread-safe. */
public sealed interface Negotiation {
    /**
     * Gets ready to connect.
     *
     * @param stream socket to connect, not connected yet; may be bound here
     * @param opening what is going to be proposed, if there is anything
     */
    CompletionStage<Verdict> prepare(
            ClcStream stream, InetSocketAddress remote, Optional<InetSocketAddress> local, Optional<Opening> opening);

    /** What was found out. Close it when the handshake is over, and it was not {@link #connected} to another. */
    final class Verdict implements AutoCloseable {
        private final boolean speaksSmc;
        private final String detail;
        private final @Nullable Announcer announcer;
        private final @Nullable Announcement later;
        private final boolean byOption;
        private final boolean bound;
        private final Optional<ClcProposal> proposed;

        private static Verdict plain(boolean speaksSmc, String detail) {
            return new Verdict(speaksSmc, detail, null, null, false, false, Optional.empty());
        }

        private static Verdict bound(String detail) {
            return new Verdict(false, detail, null, null, false, true, Optional.empty());
        }

        private static Verdict announced(Announcer announcer, Optional<ClcProposal> proposed, boolean bound) {
            return new Verdict(true, "announced", announcer, null, false, bound, proposed);
        }

        private static Verdict toAnnounce(Announcer announcer, Announcement later) {
            return new Verdict(true, "to be announced", announcer, later, false, false, Optional.empty());
        }

        private static Verdict byTcpOption() {
            return new Verdict(true, "asked by TCP option", null, null, true, false, Optional.empty());
        }

        private Verdict(
                boolean speaksSmc,
                String detail,
                @Nullable Announcer announcer,
                @Nullable Announcement later,
                boolean byOption,
                boolean bound,
                Optional<ClcProposal> proposed) {
            this.speaksSmc = speaksSmc;
            this.detail = detail;
            this.announcer = announcer;
            this.later = later;
            this.byOption = byOption;
            this.bound = bound;
            this.proposed = proposed;
        }

        /** Right before the socket is connected, on the thread that does it: servers wait for who approaches. */
        Verdict connecting() {
            Announcer approaching = announcer;
            if (later == null || approaching == null || approaching.approach()) {
                return this;
            }
            approaching.close();
            return plain(false, Rendezvous.NO_ROOM);
        }

        /** As soon as the socket is connected, on the thread that knows it first. */
        Verdict connected(ClcStream stream) throws SmcException {
            Announcement announcement = later;
            Announcer announced = announcer;
            return announcement == null || announced == null ? this : announcement.make(announced, stream);
        }

        boolean speaksSmc() {
            return speaksSmc;
        }

        /** For people: why the server is taken for what it is. */
        String detail() {
            return detail;
        }

        /** Whether the server says it in its SYN-ACK: {@link ClcStream#takeOption} tells, after connecting. */
        boolean byOption() {
            return byOption;
        }

        /** Whether the socket was bound: {@link ClcStream#connect} must not name a local address then. */
        boolean bound() {
            return bound;
        }

        /** Whether the connection was announced to the listener. */
        boolean announced() {
            return announcer != null;
        }

        /** What the listener gets with the announcement: it is not to be sent. Empty if PROPOSAL goes over the connection. */
        Optional<ClcProposal> proposed() {
            return proposed;
        }

        /**
         * After connecting: whether the server that accepted is the one that left the record. Takes the announcement back if it does
         * not say so in time.
         */
        CompletionStage<Boolean> claimed(ClcStream stream, TcpReadiness readiness, Duration timeout) {
            Announcer announced = announcer;
            if (announced == null) {
                return CompletableFuture.completedStage(false);
            }
            if (proposed
                    .isPresent()) { // the answer is on its way when it claims; an ordinary server's bytes are left to
                // the
                // application
                return stream.awaitByte(timeout).thenApply(there -> announced.withdraw());
            }
            // The listener accepts and claims at once, unless it is busy.
            return readiness.await(announced::isClaimed, timeout).thenApply(claimed -> announced.withdraw());
        }

        @Override
        public void close() {
            if (announcer != null) {
                announcer.close();
            }
        }
    }

    /**
     * What the listener is going to find in its record.
     *
     * @param from for a socket with this address: the kernel takes the target's own on this host, if not told otherwise
     * @param opening for another one
     * @param proposal empty if there is none from this address, or the record has no room for it
     * @param encoded of no length without a proposal
     */
    record Announcement(InetAddress from, Opening opening, Optional<ClcProposal> proposal, byte[] encoded) {
        static Announcement from(InetAddress source, Opening opening) {
            Optional<ClcProposal> proposal = opening.from(source);
            byte[] encoded = proposal.map(ClcCodec::encode).orElseGet(() -> new byte[0]);
            return encoded.length <= Announcer.LONGEST_OPENING
                    ? new Announcement(source, opening, proposal, encoded)
                    : new Announcement(source, opening, Optional.empty(), new byte[0]);
        }

        Verdict make(Announcer announcer, ClcStream stream) throws SmcException {
            InetSocketAddress local = stream.localAddress();
            if (local.getAddress().isAnyLocalAddress()) {
                throw new SmcException(
                        SmcException.Category.RECONNECT, "The connection was closed as soon as it was made");
            }
            Announcement fitting = local.getAddress().equals(from) ? this : from(local.getAddress(), opening);
            if (announcer.announce(local, fitting.encoded)) {
                return Verdict.announced(announcer, fitting.proposal, false);
            }
            announcer.close();
            return Verdict.plain(false, Rendezvous.NO_ROOM);
        }
    }

    /** Both ends were configured to speak SMC. */
    record Explicit() implements Negotiation {
        @Override
        public CompletionStage<Verdict> prepare(
                ClcStream stream,
                InetSocketAddress remote,
                Optional<InetSocketAddress> local,
                Optional<Opening> opening) {
            return CompletableFuture.completedStage(Verdict.plain(true, "configured"));
        }
    }

    /**
     * A listener on this host left a record.
     *
     * @param records those found before
     * @param ports for sockets that are bound before they connect, because they were told an address: the listener must know who comes
     * @param blocking where files are looked at
     */
    record Rendezvous(ListenerRecords records, EphemeralPorts ports, Executor blocking) implements Negotiation {
        private static final String NO_ROOM = "the listener's record has no room for another client at this moment";

        @Override
        public CompletionStage<Verdict> prepare(
                ClcStream stream,
                InetSocketAddress remote,
                Optional<InetSocketAddress> local,
                Optional<Opening> opening) {
            if (opening.isEmpty()) {
                return CompletableFuture.completedStage(Verdict.plain(false, "this node has no device to offer"));
            }
            if (remote.isUnresolved()) {
                return CompletableFuture.completedStage(nobody(remote));
            }
            Opening wanted = opening.get();
            Optional<Announcer> known = records.known(remote);
            if (known.isPresent() && !wanted.asksForSubnets()) {
                try {
                    return CompletableFuture.completedStage(announce(known.get(), stream, remote, local, wanted));
                } catch (SmcException e) {
                    return CompletableFuture.failedStage(e);
                }
            }
            return CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            Optional<Announcer> found = known.isPresent() ? known : records.find(remote);
                            return found.isPresent()
                                    ? announce(found.get(), stream, remote, local, wanted)
                                    : nobody(remote);
                        } catch (SmcException | RdmaException e) {
                            throw new CompletionException(e);
                        }
                    },
                    blocking);
        }

        private static Verdict nobody(InetSocketAddress remote) {
            return Verdict.plain(
                    false,
                    "no SMC listener on this host has left a record for " + remote.getPort()
                            + " (strategy rendezvous; for other hosts use smc4j.negotiation.strategy = explicit)");
        }

        private Verdict announce(
                Announcer announcer,
                ClcStream stream,
                InetSocketAddress remote,
                Optional<InetSocketAddress> local,
                Opening opening)
                throws SmcException {
            try {
                if (local.isEmpty()) {
                    return Verdict.toAnnounce(announcer, Announcement.from(remote.getAddress(), opening));
                }
                InetSocketAddress bound = stream.bind(source(remote, local), ports);
                Announcement announcement = Announcement.from(bound.getAddress(), opening);
                if (announcer.announce(bound, announcement.encoded())) {
                    return Verdict.announced(announcer, announcement.proposal(), true);
                }
            } catch (SmcException e) {
                announcer.close();
                throw e;
            }
            announcer.close();
            return Verdict.bound(NO_ROOM);
        }

        /** The listener must recognise it. The kernel would connect from the target's own address too, if not told otherwise. */
        private static InetSocketAddress source(InetSocketAddress remote, Optional<InetSocketAddress> local) {
            return local.filter(address -> address.getAddress() != null
                            && !address.getAddress().isAnyLocalAddress())
                    .orElseGet(() -> new InetSocketAddress(
                            remote.getAddress(),
                            local.map(InetSocketAddress::getPort).orElse(0)));
        }
    }

    /** The server's SYN-ACK carries the TCP option. */
    record TcpOption() implements Negotiation {
        @Override
        public CompletionStage<Verdict> prepare(
                ClcStream stream,
                InetSocketAddress remote,
                Optional<InetSocketAddress> local,
                Optional<Opening> opening) {
            if (opening.isEmpty()) {
                return CompletableFuture.completedStage(Verdict.plain(false, "this node has no device to offer"));
            }
            try {
                stream.wantOption();
                return CompletableFuture.completedStage(Verdict.byTcpOption());
            } catch (SmcException e) {
                return CompletableFuture.failedStage(e);
            }
        }
    }

    /** Used when what the strategy needs is missing: nobody can be asked. @param why the reason */
    record Impossible(String why) implements Negotiation {
        @Override
        public CompletionStage<Verdict> prepare(
                ClcStream stream,
                InetSocketAddress remote,
                Optional<InetSocketAddress> local,
                Optional<Opening> opening) {
            return CompletableFuture.completedStage(Verdict.plain(false, why));
        }
    }
}
