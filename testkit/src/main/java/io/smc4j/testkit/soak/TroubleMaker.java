package io.smc4j.testkit.soak;

import io.smc4j.actors.node.ActorKind;
import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.PortInfo;
import io.smc4j.rdma.PortState;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.RdmaException;
import io.smc4j.testkit.ObservedNode;
import io.smc4j.testkit.faults.ActorFault;
import io.smc4j.testkit.faults.Fault;
import io.smc4j.testkit.faults.FaultScript;
import io.smc4j.testkit.faults.FaultyDevice;
import io.smc4j.testkit.faults.Operation;
import io.smc4j.testkit.faults.Point;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.apache.pekko.actor.typed.PostStop;

/**
 * Makes the trouble that a node is told to have. Most kinds wait for an operation to strike; what found none for a second is called
 * off and does not count. Not thread-safe; {@link #look} is to be called several times a second.
 */
public final class TroubleMaker {
    private static final long PATIENCE_NANOS = 1_000_000_000L;
    private static final int STORM = 30;
    private static final int REFUSALS = 2;
    private static final List<ActorKind> MORTALS = List.of(
            ActorKind.CONNECTION,
            ActorKind.LINK,
            ActorKind.CLIENT_HANDSHAKE,
            ActorKind.SERVER_HANDSHAKE,
            ActorKind.LINK_GROUP);

    /** A fault that waits, or lasts. */
    private record Pending(Trouble kind, long until, IntSupplier struck, Runnable end) {}

    private final ObservedNode node;
    private final List<Pending> pending = new ArrayList<>();
    private final Map<Trouble, Long> counts = new EnumMap<>(Trouble.class);

    public TroubleMaker(ObservedNode node) {
        this.node = node;
    }

    /**
     * Makes trouble.
     *
     * @param kind one that is not from outside
     * @param argument which queue pair, actor and so on; any number
     * @param lasts how long, for kinds that last
     */
    public void make(Trouble kind, int argument, Duration lasts) {
        switch (kind) {
            case PORT_DOWN -> portDown(argument, lasts);
            case QUEUE_PAIR_ERROR -> breakQueuePair(argument);
            case WRONG_STATUS ->
                expect(
                        kind,
                        at(argument % 3 == 0 ? Point.RECEIVED : Point.SENT)
                                .matching(operation -> !operation.isFlush())
                                .status(CompletionStatus.GENERAL_ERR));
            case COMPLETION_DELAYED ->
                expect(kind, at(argument % 2 == 0 ? Point.RECEIVED : Point.SENT).delay(lasts));
            case COMPLETION_DUPLICATED -> expect(kind, at(Point.SENT).duplicate());
            case SEND_DELAYED -> expect(kind, at(Point.POST_SEND).delay(lasts));
            case POST_REFUSED -> expect(kind, at(Point.POST_SEND).refuse(QueuePair.INVALID_REQUEST));
            case LLC_DROPPED ->
                expect(kind, at(Point.POST_SEND).matching(Operation::isLlc).drop());
            case RECEIVER_NOT_READY ->
                expect(kind, at(Point.POST_RECEIVE).times(STORM).delay(lasts));
            case REGISTRATION_REFUSED ->
                expect(
                        kind,
                        at(argument % 2 == 0 ? Point.REGISTER : Point.REGISTER_DMB)
                                .times(REFUSALS)
                                .fail(RdmaException.Category.OUT_OF_RESOURCES));
            case QUEUE_PAIR_REFUSED ->
                expect(
                        kind,
                        at(List.of(Point.CREATE_QUEUE_PAIR, Point.TO_RTR, Point.TO_RTS)
                                        .get(argument % 3))
                                .fail(RdmaException.Category.OUT_OF_RESOURCES));
            case ATTACH_REFUSED -> expect(kind, at(Point.ATTACH_DMB).fail(RdmaException.Category.UNREACHABLE));
            case SIGNAL_DELAYED -> expect(kind, at(Point.SIGNALLED).delay(lasts));
            case ACTOR_FAILURE -> failActor(argument);
            case STOP, KILL -> throw new IllegalArgumentException(kind + " is done to a process from outside");
        }
    }

    /** Ends what is over. */
    public void look() {
        long now = System.nanoTime();
        for (Iterator<Pending> all = pending.iterator(); all.hasNext(); ) {
            Pending next = all.next();
            if (next.until() - now <= 0) {
                all.remove();
                end(next);
            }
        }
    }

    /** Ends everything now, and heals the devices. */
    public void heal() {
        pending.forEach(this::end);
        pending.clear();
        node.devices().heal();
        node.director().cancelAll();
    }

    /** How many of each kind really struck, by label. */
    public Map<String, Long> counts() {
        Map<String, Long> labels = new java.util.TreeMap<>();
        counts.forEach((kind, count) -> labels.put(kind.label(), count));
        return labels;
    }

    private void end(Pending over) {
        if (over.struck().getAsInt() > 0) {
            counts.merge(over.kind(), 1L, Long::sum);
        }
        over.end().run();
    }

    private FaultScript.Builder at(Point point) {
        return node.devices().script().on(point);
    }

    private void expect(Trouble kind, Fault fault) {
        pending.add(new Pending(
                kind,
                System.nanoTime() + PATIENCE_NANOS,
                fault::struck,
                () -> node.devices().script().remove(fault)));
    }

    private void portDown(int argument, Duration lasts) {
        FaultyDevice device = node.devices().rdma();
        List<PortInfo> ports = device.ports();
        int port = ports.get(argument % ports.size()).number();
        boolean up = device.port(port).state() == PortState.ACTIVE;
        device.setPortState(port, PortState.DOWN);
        pending.add(new Pending(
                Trouble.PORT_DOWN,
                System.nanoTime() + lasts.toNanos(),
                () -> up ? 1 : 0,
                () -> device.setPortState(port, PortState.ACTIVE)));
    }

    private void breakQueuePair(int argument) {
        switch (argument % 4) {
            case 0 -> {
                FaultyDevice device = node.devices().rdma();
                List<FaultyDevice.QueuePairView> all = device.queuePairs();
                if (!all.isEmpty()
                        && device.breakQueuePair(
                                all.get(argument / 4 % all.size()).number())) {
                    counts.merge(Trouble.QUEUE_PAIR_ERROR, 1L, Long::sum);
                }
            }
            case 1 -> expect(Trouble.QUEUE_PAIR_ERROR, at(Point.POST_SEND).cdc().breakQueuePair());
            case 2 ->
                expect(Trouble.QUEUE_PAIR_ERROR, at(Point.POST_SEND).writes().breakQueuePair());
            default -> expect(Trouble.QUEUE_PAIR_ERROR, at(Point.POST_SEND).breakQueuePair());
        }
    }

    private void failActor(int argument) {
        // An actor that fails as it cleans up has no say in what is left: that would be a fault of the test.
        ActorFault fault = node.director()
                .at(MORTALS.get(argument % MORTALS.size()))
                .matching(message -> !(message instanceof PostStop))
                .fail();
        pending.add(new Pending(
                Trouble.ACTOR_FAILURE,
                System.nanoTime() + PATIENCE_NANOS,
                fault::struck,
                () -> node.director().remove(fault)));
    }
}
