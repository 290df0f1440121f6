package io.smc4j.benchmarks.perf.plan;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One thing that is measured.
 *
 * @param kind what
 * @param size bytes of a message or a chunk
 * @param connections how many are busy (or idle) at the same time
 */
public record Case(Kind kind, int size, int connections) {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;
    private static final int SMALL = 64;

    /** Bytes of a burst of bulk data: enough that the one answer at its end does not count, few enough that it ends soon. */
    private static final int LEAST_BURST = MIB;

    private static final int MOST_BURST = 32 * MIB;
    private static final int CHUNKS_PER_BURST = 16 * KIB;

    /** Exchanges a second in the paced case. */
    public static final int PACE = 10_000;

    /** What is measured. */
    public enum Kind {
        ROUND_TRIP("round-trip", "round-trip time, one message after the other"),
        PACED("paced", "round-trip time at 10,000 messages a second, counted from the time each was meant to be sent"),
        BULK("bulk", "throughput one way, by the size of the writes; processor time per GB"),
        MESSAGES("messages", "messages a second one way, one write each"),
        CONNECT("connect", "connections set up, one after the other"),
        IDLE("idle", "what 1,000 idle connections cost; round trips on one of them"),
        SCALING("scaling", "round trips a second, by the number of busy connections"),
        SCALING_BULK("scaling-bulk", "throughput, by the number of busy connections");

        private final String label;
        private final String title;

        Kind(String label, String title) {
            this.label = label;
            this.title = title;
        }

        public String label() {
            return label;
        }

        public String title() {
            return title;
        }

        public static String labels() {
            return Arrays.stream(values()).map(Kind::label).collect(Collectors.joining(", "));
        }
    }

    /** Everything. */
    public static List<Case> all() {
        return Stream.of(
                        sizes(Kind.ROUND_TRIP, SMALL, KIB, 16 * KIB, 256 * KIB),
                        sizes(Kind.PACED, SMALL),
                        sizes(Kind.BULK, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB),
                        sizes(Kind.MESSAGES, SMALL),
                        sizes(Kind.CONNECT, 1),
                        Stream.of(new Case(Kind.IDLE, SMALL, 1000)),
                        connections(Kind.SCALING, SMALL),
                        connections(Kind.SCALING_BULK, 64 * KIB))
                .flatMap(cases -> cases)
                .toList();
    }

    /** What the targets need, and no more. */
    public static List<Case> quick() {
        return List.of(
                new Case(Kind.ROUND_TRIP, SMALL, 1),
                new Case(Kind.BULK, 64 * KIB, 1),
                new Case(Kind.CONNECT, 1, 1),
                new Case(Kind.IDLE, SMALL, 1000),
                new Case(Kind.SCALING, SMALL, 4),
                new Case(Kind.SCALING_BULK, 64 * KIB, 4));
    }

    private static Stream<Case> sizes(Kind kind, int... sizes) {
        return Arrays.stream(sizes).mapToObj(size -> new Case(kind, size, 1));
    }

    private static Stream<Case> connections(Kind kind, int size) {
        return Stream.of(1, 2, 4, 8).map(count -> new Case(kind, size, count));
    }

    /** As in results: the kind, and how many connections where that makes a case of its own. */
    public String label() {
        return switch (kind) {
            case SCALING, SCALING_BULK -> kind.label() + "-" + connections;
            default -> kind.label();
        };
    }

    /** For progress and failures. */
    @Override
    public String toString() {
        return switch (kind) {
            case CONNECT, IDLE -> label();
            default -> label() + " " + size(size);
        };
    }

    /** For example {@code 64 B}, {@code 16 KiB}. */
    public static String size(int bytes) {
        if (bytes >= MIB && bytes % MIB == 0) {
            return bytes / MIB + " MiB";
        }
        return bytes >= KIB && bytes % KIB == 0 ? bytes / KIB + " KiB" : String.format(Locale.ROOT, "%d B", bytes);
    }

    /** What the processes are told to do. */
    public Work work() {
        return switch (kind) {
            case ROUND_TRIP, PACED, SCALING -> Work.roundTrip(size, connections);
            case BULK, MESSAGES, SCALING_BULK -> Work.oneWay(size, burst(), connections);
            case CONNECT -> Work.connect();
            case IDLE -> Work.hold(connections);
        };
    }

    private int burst() {
        return Math.clamp((long) size * CHUNKS_PER_BURST, LEAST_BURST, MOST_BURST);
    }
}
