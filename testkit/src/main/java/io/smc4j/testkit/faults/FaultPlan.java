package io.smc4j.testkit.faults;

import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.RdmaException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Faults by seed. Whether an operation is struck follows from the seed, the device, the queue pair (by order of creation), the
 * point, and how many operations there were there before: the same seed strikes the same operations, however the queue pairs'
 * operations fall between each other. Thread-safe.
 */
public final class FaultPlan {
    /** What a plan knows to do. */
    static final Set<FaultKind> KINDS = EnumSet.of(
            FaultKind.SEND_DROPPED,
            FaultKind.SEND_DELAYED,
            FaultKind.POST_REFUSED,
            FaultKind.COMPLETED_INSIDE_POST,
            FaultKind.RECEIVE_DROPPED,
            FaultKind.RECEIVER_NOT_READY,
            FaultKind.COMPLETION_LOST,
            FaultKind.COMPLETION_WITHHELD,
            FaultKind.COMPLETION_DUPLICATED,
            FaultKind.STATUS_CHANGED,
            FaultKind.QUEUE_PAIR_BROKEN,
            FaultKind.REGISTRATION_REFUSED,
            FaultKind.QUEUE_PAIR_REFUSED,
            FaultKind.TRANSITION_REFUSED,
            FaultKind.PORT_DOWN,
            FaultKind.SIGNAL_WITHHELD,
            FaultKind.SIGNAL_LOST,
            FaultKind.SIGNAL_DROPPED,
            FaultKind.ATTACH_REFUSED);

    private record Stream(Point point, String device, int ordinal) {}

    private final long seed;
    private final FaultRates rates;
    private final Map<Stream, AtomicLong> counts = new ConcurrentHashMap<>();

    private FaultPlan(long seed, FaultRates rates) {
        this.seed = seed;
        this.rates = rates;
    }

    public static FaultPlan seeded(long seed, FaultRates rates) {
        return new FaultPlan(seed, rates);
    }

    public long seed() {
        return seed;
    }

    @Nullable
    FaultAction decide(Operation operation) {
        Stream stream = new Stream(operation.point(), operation.device(), operation.ordinal());
        long n = counts.computeIfAbsent(stream, s -> new AtomicLong()).incrementAndGet();
        long random =
                mix(seed ^ mix(stream.point().ordinal() * 31L + stream.ordinal()) ^ mix(hash(stream.device())) + n);
        double at = (random >>> 11) * 0x1p-53;
        for (FaultKind kind : candidates(operation.point())) {
            double rate = rates.of(kind);
            if (at < rate) {
                return action(kind, mix(random));
            }
            at -= rate;
        }
        return null;
    }

    private static List<FaultKind> candidates(Point point) {
        return switch (point) {
            case POST_SEND ->
                List.of(
                        FaultKind.SEND_DROPPED,
                        FaultKind.SEND_DELAYED,
                        FaultKind.POST_REFUSED,
                        FaultKind.COMPLETED_INSIDE_POST,
                        FaultKind.QUEUE_PAIR_BROKEN,
                        FaultKind.PORT_DOWN);
            case POST_RECEIVE -> List.of(FaultKind.RECEIVER_NOT_READY);
            case SENT ->
                List.of(
                        FaultKind.COMPLETION_LOST,
                        FaultKind.COMPLETION_WITHHELD,
                        FaultKind.COMPLETION_DUPLICATED,
                        FaultKind.STATUS_CHANGED);
            case RECEIVED ->
                List.of(
                        FaultKind.RECEIVE_DROPPED,
                        FaultKind.COMPLETION_WITHHELD,
                        FaultKind.COMPLETION_DUPLICATED,
                        FaultKind.STATUS_CHANGED);
            case REGISTER, REGISTER_DMB -> List.of(FaultKind.REGISTRATION_REFUSED);
            case CREATE_QUEUE_PAIR -> List.of(FaultKind.QUEUE_PAIR_REFUSED);
            case TO_RTR, TO_RTS -> List.of(FaultKind.TRANSITION_REFUSED);
            case ATTACH_DMB -> List.of(FaultKind.ATTACH_REFUSED);
            case SIGNAL -> List.of(FaultKind.SIGNAL_DROPPED);
            case SIGNALLED -> List.of(FaultKind.SIGNAL_WITHHELD, FaultKind.SIGNAL_LOST);
        };
    }

    private FaultAction action(FaultKind kind, long random) {
        return switch (kind) {
            case SEND_DROPPED, COMPLETION_LOST, RECEIVE_DROPPED, SIGNAL_DROPPED, SIGNAL_LOST ->
                new FaultAction.Drop((random & 1) == 0);
            case SEND_DELAYED, COMPLETION_WITHHELD, RECEIVER_NOT_READY, SIGNAL_WITHHELD ->
                new FaultAction.Hold(Optional.of(delay(random)));
            case POST_REFUSED -> new FaultAction.Refuse(QueuePair.INVALID_REQUEST);
            case COMPLETED_INSIDE_POST -> new FaultAction.CompleteInside();
            case COMPLETION_DUPLICATED -> new FaultAction.Duplicate(false);
            case STATUS_CHANGED -> new FaultAction.Status(CompletionStatus.GENERAL_ERR, true);
            case QUEUE_PAIR_BROKEN -> new FaultAction.BreakQueuePair();
            case PORT_DOWN -> new FaultAction.PortDown();
            case REGISTRATION_REFUSED, QUEUE_PAIR_REFUSED ->
                new FaultAction.Fail(RdmaException.Category.OUT_OF_RESOURCES);
            case TRANSITION_REFUSED, ATTACH_REFUSED -> new FaultAction.Fail(RdmaException.Category.UNREACHABLE);
            default -> throw new IllegalStateException(kind + " is no kind that can be planned");
        };
    }

    private Duration delay(long random) {
        return Duration.ofNanos(
                Math.floorMod(random, Math.max(1, rates.longestDelay().toNanos())));
    }

    private static long hash(String device) {
        long hash = 0;
        for (int i = 0; i < device.length(); i++) {
            hash = mix(hash + device.charAt(i));
        }
        return hash;
    }

    /** The finaliser of SplitMix64: every bit of the result depends on every bit of the argument. */
    private static long mix(long z) {
        long x = z + 0x9E3779B97F4A7C15L;
        x = (x ^ x >>> 30) * 0xBF58476D1CE4E5B9L;
        x = (x ^ x >>> 27) * 0x94D049BB133111EBL;
        return x ^ x >>> 31;
    }
}
