package io.smc4j.cli.soak;

import io.smc4j.Transport;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** What can be done to a peer. */
enum FaultKind {
    PORT_DOWN("port-down", 30, 30, 400, EnumSet.of(Transport.SMC_R)),
    STOP("stop", 4, 20, 400, EnumSet.allOf(Transport.class)),
    KILL("kill", 0, 0, 0, EnumSet.allOf(Transport.class));

    private static final int KILL_WEIGHT = 1;

    private final String label;
    private final int weight;
    private final int leastMillis;
    private final int mostMillis;
    private final Set<Transport> hurts;

    /**
     * @param weight how often, compared to the others; 0 for those that are only done if asked for
     * @param leastMillis how long it lasts at least
     * @param mostMillis and at most
     * @param hurts connections over these transports may fail by it
     */
    FaultKind(String label, int weight, int leastMillis, int mostMillis, Set<Transport> hurts) {
        this.label = label;
        this.weight = weight;
        this.leastMillis = leastMillis;
        this.mostMillis = mostMillis;
        this.hurts = hurts;
    }

    /** On the command line and in results. */
    String label() {
        return label;
    }

    /** How often, compared to the others. */
    int weight() {
        return Math.max(weight, KILL_WEIGHT);
    }

    int leastMillis() {
        return leastMillis;
    }

    int mostMillis() {
        return mostMillis;
    }

    /** @param transport as {@link Transport#label} */
    boolean hurts(String transport) {
        return hurts.stream().anyMatch(hurt -> hurt.label().equals(transport));
    }

    /** All but those that are only done if asked for. */
    static Set<FaultKind> defaults() {
        return Arrays.stream(values())
                .filter(kind -> kind.weight > 0)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(FaultKind.class)));
    }

    static String labels() {
        return Arrays.stream(values()).map(FaultKind::label).collect(Collectors.joining(", "));
    }
}
