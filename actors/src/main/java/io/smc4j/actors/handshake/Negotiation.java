package io.smc4j.actors.handshake;

import io.smc4j.SmcException;
import io.smc4j.actors.datapath.Yielding;
import io.smc4j.actors.tcp.ClcStream;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.rendezvous.Announcer;
import io.smc4j.rdma.rendezvous.ListenerRecords;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** How a client knows, before it sends the first CLC byte, that the server wants it. Thread-safe. */
public sealed interface Negotiation {
    /**
     * Gets ready to connect.
     *
     * @param stream socket to connect, not connected yet; may be bound here
     * @param offering whether there is anything to propose
     */
    CompletionStage<Verdict> prepare(
            ClcStream stream, InetSocketAddress remote, Optional<InetSocketAddress> local, boolean offering);

    /** What was found out. Close it when the handshake is over. */
    final class Verdict implements AutoCloseable {
        private static final int LOOKS = 64;
        private static final long FIRST_PAUSE_NANOS = 50_000;
        private static final long LONGEST_PAUSE_NANOS = 5_000_000;

        private final boolean speaksSmc;
        private final String detail;
        private final @Nullable Announcer announcer;
        private final boolean byOption;
        private final boolean bound;

        private Verdict(boolean speaksSmc, String detail, @Nullable Announcer announcer) {
            this(speaksSmc, detail, announcer, false, announcer != null);
        }

        private static Verdict bound(String detail) {
            return new Verdict(false, detail, null, false, true);
        }

        private Verdict(
                boolean speaksSmc, String detail, @Nullable Announcer announcer, boolean byOption, boolean bound) {
            this.speaksSmc = speaksSmc;
            this.detail = detail;
            this.announcer = announcer;
            this.byOption = byOption;
            this.bound = bound;
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

        /**
         * After connecting: whether the server that accepted is the one that left the record. Takes the announcement back if it does
         * not say so in time.
         */
        CompletionStage<Boolean> claimed(Duration timeout) {
            Announcer announced = announcer;
            if (announced == null) {
                return CompletableFuture.completedStage(false);
            }
            CompletableFuture<Boolean> result = new CompletableFuture<>();
            Thread.ofVirtual().name("smc4j-await-claim").start(() -> {
                // The listener accepts and claims at once, unless it is busy: a timer would take longer than that.
                for (int i = 0; i < LOOKS && !announced.isClaimed(); i++) {
                    Yielding.pause();
                }
                long pause = FIRST_PAUSE_NANOS;
                long left = timeout.toNanos();
                while (!announced.isClaimed() && left > 0) { // a virtual thread that parks costs nobody a thread
                    LockSupport.parkNanos(pause);
                    left -= pause;
                    pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
                }
                result.complete(announced.withdraw());
            });
            return result;
        }

        @Override
        public void close() {
            if (announcer != null) {
                announcer.close();
            }
        }
    }

    /** Both ends were configured to speak SMC. */
    record Explicit() implements Negotiation {
        @Override
        public CompletionStage<Verdict> prepare(
                ClcStream stream, InetSocketAddress remote, Optional<InetSocketAddress> local, boolean offering) {
            return CompletableFuture.completedStage(new Verdict(true, "configured", null));
        }
    }

    /**
     * A listener on this host left a record.
     *
     * @param records those found before
     * @param blocking where files are looked at
     */
    record Rendezvous(ListenerRecords records, Executor blocking) implements Negotiation {
        @Override
        public CompletionStage<Verdict> prepare(
                ClcStream stream, InetSocketAddress remote, Optional<InetSocketAddress> local, boolean offering) {
            if (!offering) {
                return CompletableFuture.completedStage(new Verdict(false, "this node has no device to offer", null));
            }
            if (remote.isUnresolved()) {
                return CompletableFuture.completedStage(nobody(remote));
            }
            try {
                Optional<Announcer> known = records.known(remote);
                if (known.isPresent()) {
                    return CompletableFuture.completedStage(announce(known.get(), stream, remote, local));
                }
            } catch (SmcException e) {
                return CompletableFuture.failedStage(e);
            }
            return CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            Optional<Announcer> found = records.find(remote);
                            return found.isPresent() ? announce(found.get(), stream, remote, local) : nobody(remote);
                        } catch (SmcException | RdmaException e) {
                            throw new CompletionException(e);
                        }
                    },
                    blocking);
        }

        private static Verdict nobody(InetSocketAddress remote) {
            return new Verdict(
                    false,
                    "no SMC listener on this host has left a record for " + remote.getPort()
                            + " (strategy rendezvous; for other hosts use smc4j.negotiation.strategy = explicit)",
                    null);
        }

        private static Verdict announce(
                Announcer announcer, ClcStream stream, InetSocketAddress remote, Optional<InetSocketAddress> local)
                throws SmcException {
            try {
                if (announcer.announce(stream.bind(source(remote, local)))) {
                    return new Verdict(true, "announced", announcer);
                }
            } catch (SmcException e) {
                announcer.close();
                throw e;
            }
            announcer.close();
            return Verdict.bound("the listener's record has no room for another client at this moment");
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
                ClcStream stream, InetSocketAddress remote, Optional<InetSocketAddress> local, boolean offering) {
            if (!offering) {
                return CompletableFuture.completedStage(new Verdict(false, "this node has no device to offer", null));
            }
            try {
                stream.wantOption();
                return CompletableFuture.completedStage(new Verdict(true, "asked by TCP option", null, true, false));
            } catch (SmcException e) {
                return CompletableFuture.failedStage(e);
            }
        }
    }

    /** Used when what the strategy needs is missing: nobody can be asked. @param why the reason */
    record Impossible(String why) implements Negotiation {
        @Override
        public CompletionStage<Verdict> prepare(
                ClcStream stream, InetSocketAddress remote, Optional<InetSocketAddress> local, boolean offering) {
            return CompletableFuture.completedStage(new Verdict(false, why, null));
        }
    }
}
