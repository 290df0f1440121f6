package io.smc4j.cli.soak;

import io.smc4j.Transport;
import io.smc4j.TransportPreference;
import io.smc4j.cli.soak.EndReport.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what the peers report, joins the two ends of each connection, and finds what must not be. One thread. */
final class Books {
    private static final int MOST_PROBLEMS = 50;

    private final long seed;
    private final List<TransportPreference> transports;
    private final FaultHistory faults;
    private final Map<Long, EndReport> halves = new HashMap<>();
    private final Map<Long, Long> halfSince = new HashMap<>();
    private final Map<String, Long> aborts = new TreeMap<>();
    private final Map<String, Long> refused = new TreeMap<>();
    private final Map<String, Long> fallbacks = new TreeMap<>();
    private final Map<String, Long> connections = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private long problemCount;
    private long bytes;
    private long failovers;
    private long lostBytes;
    private long repeatedBytes;

    Books(long seed, List<TransportPreference> transports, FaultHistory faults) {
        this.seed = seed;
        this.transports = transports;
        this.faults = faults;
    }

    /** An end of a connection, reported by a peer. */
    void accept(EndReport said) {
        EndReport report = excused(said);
        bytes += report.read();
        lostBytes += report.lost();
        repeatedBytes += report.repeated();
        if (report.initiator() && report.result() != Result.REFUSED) {
            count(connections, report.transport());
            failovers += report.failovers();
            if (!report.fallback().isEmpty()) {
                count(fallbacks, report.fallback());
            }
        }
        switch (report.result()) {
            case ORDERLY, PLANNED -> {}
            case ABORTED, NAMELESS -> count(aborts, Reasons.brief(report.reason()));
            case REFUSED -> count(refused, Reasons.brief(report.reason()));
            case WRONG -> problem(describe(report) + " broke a promise: " + report.reason());
            case HUNG -> problem(describe(report) + " hung and was given up");
        }
        if (report.result() == Result.ABORTED) {
            judge(report);
        }
        if (report.id() >= 0) {
            join(report);
        }
    }

    /** The kernel ends the TCP connections of a killed process in order, and whoever reads them cannot know better. */
    private EndReport excused(EndReport report) {
        boolean cutShort = report.result() == Result.WRONG && report.lost() > 0 && report.repeated() == 0;
        boolean overTcp = report.transport().equals(Transport.TCP.label()) && report.id() >= 0;
        if (!cutShort || !overTcp || !faults.wasJustKilled(otherPeer(report))) {
            return report;
        }
        return new EndReport(
                report.id(),
                report.initiator(),
                report.transport(),
                Result.ABORTED,
                "the peer's process was killed, which plain TCP shows as an end in order",
                report.read(),
                report.written(),
                report.failovers(),
                0,
                0,
                report.fallback());
    }

    private void judge(EndReport report) {
        if (report.reason().isBlank()) {
            problem(describe(report) + " was aborted without a reason");
        } else if (!plan(report).ending().aborts() && !faults.hurtLately(report.transport())) {
            problem(describe(report) + " was aborted though nothing was wrong: " + report.reason());
        }
    }

    private void join(EndReport report) {
        EndReport other = halves.remove(report.id());
        halfSince.remove(report.id());
        if (other == null) {
            if (report.result() != Result.REFUSED) {
                halves.put(report.id(), report);
                halfSince.put(report.id(), System.nanoTime());
            }
            return;
        }
        if (report.result() == Result.HUNG || other.result() == Result.HUNG) {
            problem("the ends of connection %d, one of which hung: %s; %s".formatted(report.id(), report, other));
        }
        boolean blamed = blames(report) || blames(other);
        boolean root = hasRoot(report) || hasRoot(other);
        if (blamed && !root && !plan(report).ending().aborts()) {
            problem("connection %d was aborted, and neither end says why: the %s says '%s' (%s), the %s says '%s' (%s)"
                    .formatted(
                            report.id(),
                            side(report),
                            report.reason(),
                            report.result(),
                            side(other),
                            other.reason(),
                            other.result()));
        }
    }

    private static boolean blames(EndReport report) {
        return report.result() == Result.ABORTED && Reasons.blamesPeer(report.reason());
    }

    private static boolean hasRoot(EndReport report) {
        return report.result() != Result.ORDERLY && !blames(report);
    }

    /** Over plain TCP a client that only writes may be through before the server's application has it, and then never gets it. */
    private boolean neverAccepted(EndReport report, long since) {
        return report.initiator()
                && report.transport().equals(Transport.TCP.label())
                && report.read() == 0
                && faults.hadActorFailSince(since, otherPeer(report));
    }

    /** The run is over: what has only one end must have an excuse. */
    void close() {
        halves.forEach((id, report) -> {
            if (report.result() == Result.HUNG) {
                problem("of the connection that hung, the other end was never heard of: " + report);
            }
            if (report.result() != Result.ORDERLY) {
                return;
            }
            if (neverAccepted(report, halfSince.getOrDefault(id, 0L))) {
                count(aborts, "the server's handshake failed when plain TCP had taken everything and ended in order");
            } else if (!faults.wasKilledSince(halfSince.getOrDefault(id, 0L), otherPeer(report))) {
                problem(describe(report) + " ended in order, but the other end was never heard of");
            }
        });
    }

    private static int otherPeer(EndReport report) {
        int opener = ConnectionPlan.peer(report.id());
        return report.initiator() ? 1 - opener : opener;
    }

    private ConnectionPlan plan(EndReport report) {
        return ConnectionPlan.of(seed, report.id(), transports);
    }

    /** Something that must not be. */
    void problem(String what) {
        problemCount++;
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(what);
        }
    }

    private static String describe(EndReport report) {
        return "the %s of connection %d over %s (%d bytes read, %d written, %d failovers)"
                .formatted(
                        side(report),
                        report.id(),
                        report.transport(),
                        report.read(),
                        report.written(),
                        report.failovers());
    }

    private static String side(EndReport report) {
        return report.initiator() ? "initiator" : "acceptor";
    }

    private static void count(Map<String, Long> counts, String key) {
        counts.merge(key, 1L, Long::sum);
    }

    Map<String, Long> connections() {
        return connections;
    }

    Map<String, Long> aborts() {
        return aborts;
    }

    Map<String, Long> refused() {
        return refused;
    }

    Map<String, Long> fallbacks() {
        return fallbacks;
    }

    /** The first of them; there may be more. */
    List<String> problems() {
        return problems;
    }

    long problemCount() {
        return problemCount;
    }

    long bytes() {
        return bytes;
    }

    long failovers() {
        return failovers;
    }

    long lostBytes() {
        return lostBytes;
    }

    long repeatedBytes() {
        return repeatedBytes;
    }
}
