package io.smc4j.testkit.soak;

import io.smc4j.Transport;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What can be done to a node, or to its process, while it is in use. Each is something that devices, networks or hosts do. Those that
 * end links are rare enough that link groups get their second link in between: else nothing would ever fail over.
 */
public enum Trouble {
    /** A port of the RDMA device goes down, and up again. */
    PORT_DOWN("port-down", 2, 30, 300, Transport.SMC_R),
    /** A queue pair goes to ERROR: at once, or just before a CDC message, a write or a completion. */
    QUEUE_PAIR_ERROR("queue-pair-error", 2, 0, 0, Transport.SMC_R),
    /** A completion says that the request failed, though it did not; its queue pair is in ERROR then. */
    WRONG_STATUS("wrong-status", 2, 0, 0, Transport.SMC_R),
    /** A completion, and all behind it, comes late. */
    COMPLETION_DELAYED("completion-delayed", 20, 10, 300, Transport.SMC_R),
    /** A completion comes twice. */
    COMPLETION_DUPLICATED("completion-duplicated", 8, 0, 0, Transport.SMC_R),
    /** A message or write, and all behind it, leaves late. */
    SEND_DELAYED("send-delayed", 18, 10, 300, Transport.SMC_R),
    /** A post is refused. */
    POST_REFUSED("post-refused", 1, 0, 0, Transport.SMC_R),
    /** An LLC message is lost. */
    LLC_DROPPED("llc-dropped", 2, 0, 0, Transport.SMC_R),
    /** Receive buffers are posted late: senders find no receiver ready. */
    RECEIVER_NOT_READY("receiver-not-ready", 10, 50, 300, Transport.SMC_R),
    /** Memory cannot be registered. */
    REGISTRATION_REFUSED("registration-refused", 2, 0, 0, Transport.SMC_R, Transport.SMC_D),
    /** A queue pair cannot be made, or not be made ready. */
    QUEUE_PAIR_REFUSED("queue-pair-refused", 1, 0, 0, Transport.SMC_R),
    /** A peer's DMB cannot be attached. */
    ATTACH_REFUSED("attach-refused", 2, 0, 0, Transport.SMC_D),
    /** A doorbell is heard late. */
    SIGNAL_DELAYED("signal-delayed", 20, 10, 300, Transport.SMC_D),
    /** An actor fails at its next message: a handshake, a connection, a link or a link group. */
    ACTOR_FAILURE("actor-failure", 1, 0, 0, Transport.SMC_R, Transport.SMC_D, Transport.TCP),
    /** The process stands still (SIGSTOP), and goes on. */
    STOP("stop", 4, 20, 400, Transport.SMC_R, Transport.SMC_D, Transport.TCP),
    /** The process is killed (SIGKILL), and another takes its place. */
    KILL("kill", 0, 0, 0, Transport.SMC_R, Transport.SMC_D, Transport.TCP);

    private static final int RARE = 2;

    private final String label;
    private final int weight;
    private final int leastMillis;
    private final int mostMillis;
    private final Set<Transport> hurts;

    /**
     * @param weight how often, compared to the others; 0 for those that are only done if asked for
     * @param leastMillis how long it lasts at least
     * @param mostMillis and at most
     * @param hurts connections over these transports may fail by it; others may still fall back by it
     */
    Trouble(String label, int weight, int leastMillis, int mostMillis, Transport... hurts) {
        this.label = label;
        this.weight = weight;
        this.leastMillis = leastMillis;
        this.mostMillis = mostMillis;
        this.hurts = EnumSet.copyOf(Arrays.asList(hurts));
    }

    /** Its name on command lines and in results. */
    public String label() {
        return label;
    }

    /** How often, compared to the others, once it was asked for; never 0. */
    public int weight() {
        return weight == 0 ? RARE : weight * 10;
    }

    public int leastMillis() {
        return leastMillis;
    }

    public int mostMillis() {
        return mostMillis;
    }

    /** Whether it can end connections over a transport. */
    public boolean hurts(Transport transport) {
        return hurts.contains(transport);
    }

    /** Whether it is done to the process from outside, and not by a {@link TroubleMaker} within. */
    public boolean isFromOutside() {
        return this == STOP || this == KILL;
    }

    /** All but those that are only done if asked for. */
    public static Set<Trouble> defaults() {
        return Arrays.stream(values())
                .filter(trouble -> trouble.weight > 0)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Trouble.class)));
    }
}
