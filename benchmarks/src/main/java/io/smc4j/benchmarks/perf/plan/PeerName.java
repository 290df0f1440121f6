package io.smc4j.benchmarks.perf.plan;

import io.smc4j.actors.time.TicklessScheduler;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Everything that can be measured. What is not said here is each library's default. */
public enum PeerName {
    RING("ring", "bare ring in a mapped file, 256 KiB, both ends spin: the physical limit", Map.of()),
    SMC_D("smc-d", "smc4j over SMC-D, blocking calls", Map.of()),
    SMC_D_IN_PLACE(
            "smc-d-in-place",
            "as smc-d, but written into claimed space and read where it lies (claim and peek), as Aeron does",
            Map.of()),
    SMC_R("smc-r", "smc4j over SMC-R (softrdma), blocking calls", Map.of()),
    SMC_D_STREAMS("smc-d-streams", "smc4j's Pekko Streams over SMC-D", Map.of()),
    SMC_R_STREAMS("smc-r-streams", "smc4j's Pekko Streams over SMC-R (softrdma)", Map.of()),
    SMC_D_PARK(
            "smc-d-park",
            "as smc-d, with smc4j.idle.strategy = park at both ends",
            Map.of("smc4j.idle.strategy", "park")),
    SMC_D_SPIN(
            "smc-d-spin",
            "as smc-d, with smc4j.idle.strategy = spin at both ends",
            Map.of("smc4j.idle.strategy", "spin")),
    SMC_D_TICKLESS(
            "smc-d-tickless",
            "as smc-d, with pekko.scheduler.implementation = io.smc4j.actors.time.TicklessScheduler at both ends",
            Map.of(PeerName.SCHEDULER, TicklessScheduler.class.getName())),
    TCP("tcp", "java.nio TCP over loopback, blocking channels, TCP_NODELAY", Map.of()),
    TCP_SELECTOR("tcp-selector", "java.nio TCP over loopback with a selector, TCP_NODELAY", Map.of()),
    UDS("uds", "java.nio Unix domain sockets, blocking channels", Map.of()),
    NETTY_NIO("netty-nio", "Netty on NIO", Map.of()),
    NETTY_EPOLL("netty-epoll", "Netty on its native epoll", Map.of()),
    PEKKO_TCP("pekko-tcp", "Pekko Streams TCP, TCP_NODELAY", Map.of()),
    AERON(
            "aeron",
            "Aeron IPC; application threads busy-spin (as Aeron's samples do), driver on one shared thread that backs off",
            Map.of()),
    AERON_BACKOFF(
            "aeron-backoff",
            "Aeron IPC; application threads back off to parking (Agrona's BackoffIdleStrategy), driver as above",
            Map.of());

    private static final String SCHEDULER = "pekko.scheduler.implementation";

    /** What an application has that does not say otherwise; the smc4j command does. */
    private static final String PEKKOS_SCHEDULER = "org.apache.pekko.actor.LightArrayRevolverScheduler";

    private final String label;
    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // made by Map.of, which cannot be changed
    private final Map<String, String> settings;

    PeerName(String label, String title, Map<String, String> settings) {
        this.label = label;
        this.title = title;
        this.settings = settings;
    }

    /** As on command lines, in tables and in JSON. */
    public String label() {
        return label;
    }

    /** What it is, in a sentence. */
    public String title() {
        return title;
    }

    /** Settings of the actor system: those that differ from the defaults, and Pekko's own scheduler if no other is among them. */
    public Map<String, String> settings() {
        Map<String, String> all = new TreeMap<>(settings);
        all.putIfAbsent(SCHEDULER, PEKKOS_SCHEDULER);
        return all;
    }

    public boolean isSmc4j() {
        return label.startsWith("smc-");
    }

    /** Whether it has an actor system, whose start takes longer. */
    public boolean hasActors() {
        return isSmc4j() || this == PEKKO_TCP;
    }

    /** Whether its processes are busy without traffic too, and so may not be there while others are measured. */
    public boolean neverRests() {
        return this == SMC_D_SPIN;
    }

    private boolean isAeron() {
        return this == AERON || this == AERON_BACKOFF;
    }

    /** Whether it takes part in a case at all. */
    public boolean takesPartIn(Case.Kind kind) {
        if (this == SMC_D_TICKLESS) {
            return kind == Case.Kind.IDLE || kind == Case.Kind.CONNECT; // where timers could matter
        }
        return switch (kind) {
            case ROUND_TRIP, PACED, BULK, MESSAGES -> true;
            case CONNECT -> this != RING && !isAeron() && this != SMC_D_IN_PLACE;
            case IDLE -> this != RING && !isAeron() && this != SMC_D_IN_PLACE && this != TCP && this != UDS;
            case SCALING, SCALING_BULK -> this != RING;
        };
    }

    public static Optional<PeerName> of(String label) {
        return Arrays.stream(values()).filter(peer -> peer.label.equals(label)).findFirst();
    }

    /** All labels, for messages. */
    public static String labels() {
        return Arrays.stream(values()).map(PeerName::label).collect(Collectors.joining(", "));
    }
}
