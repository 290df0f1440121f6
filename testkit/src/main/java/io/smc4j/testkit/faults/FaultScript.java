package io.smc4j.testkit.faults;

import io.smc4j.protocol.llc.LlcType;
import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.RdmaException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Faults by script, for all devices of a node:
 *
 * <pre>{@code
 * Fault lost = devices.script().on(Point.POST_SEND).matching(Operation::isCdc).nth(3).drop();
 * Fault slow = devices.script().on(Point.SENT).onPort(1).always().hold();
 * ...
 * slow.release();
 * }</pre>
 *
 * <p>Each operation of a device is offered to the faults in the order they were made; the first that strikes decides. Thread-safe;
 * faults are added and called off at any time.
 */
public final class FaultScript {
    private final List<Fault> faults = new CopyOnWriteArrayList<>();
    private volatile @Nullable FaultPlan plan;

    FaultScript() {}

    /** Begins a fault. Without more it strikes the first operation there. */
    public Builder on(Point point) {
        return new Builder(point);
    }

    /** Faults by seed, for operations that no fault of the script strikes. Null calls them off. */
    public void follow(@Nullable FaultPlan newPlan) {
        this.plan = newPlan;
    }

    /** Calls one fault off for good, and lets everything go that it holds: long scripts would slow the devices down. */
    public void remove(Fault fault) {
        fault.cancel();
        faults.remove(fault);
    }

    /** Calls all faults off, and lets everything go that they hold. */
    public void cancelAll() {
        plan = null;
        for (Fault fault : faults) {
            fault.cancel();
            faults.remove(fault);
        }
    }

    /** Whether there is anything to ask. */
    boolean isIdle() {
        return faults.isEmpty() && plan == null;
    }

    /** A decision. @param fault that made it; null if the plan did */
    record Decision(FaultAction action, @Nullable Fault fault) {
        /** What was decided is done. */
        void done() {
            if (fault != null) {
                fault.done();
            }
        }

        /** Something waits. A plan releases nothing: its holds end by time. */
        void holds(Runnable letGo) {
            if (fault != null) {
                fault.holds(letGo);
            }
        }
    }

    /** What to do to an operation, or null. */
    @Nullable
    Decision decide(Operation operation) {
        for (Fault fault : faults) {
            FaultAction action = fault.decide(operation);
            if (action != null) {
                return new Decision(action, fault);
            }
        }
        FaultPlan seeded = plan;
        FaultAction action = seeded == null ? null : seeded.decide(operation);
        return action == null ? null : new Decision(action, null);
    }

    /** A fault to be: which operations it strikes, then what it does. */
    public final class Builder {
        private final Point point;
        private Predicate<Operation> predicate = operation -> true;
        private int first = 1;
        private int times = 1;

        private Builder(Point point) {
            this.point = point;
        }

        /** Only operations that fit this, too. */
        public Builder matching(Predicate<Operation> also) {
            predicate = predicate.and(also);
            return this;
        }

        /** Only CDC messages. */
        public Builder cdc() {
            return matching(Operation::isCdc);
        }

        /** Only LLC messages of a type. */
        public Builder llc(LlcType type) {
            return matching(operation -> operation.isLlc(type));
        }

        /** Only LLC requests, or only LLC responses, of a type. */
        public Builder llc(LlcType type, boolean response) {
            return matching(operation -> operation.isLlc(type) && operation.response() == response);
        }

        /** Only RDMA writes. */
        public Builder writes() {
            return matching(Operation::write);
        }

        /** Only what a queue pair in ERROR flushes. */
        public Builder flushes() {
            return matching(Operation::isFlush);
        }

        /** Only the queue pair with that number. */
        public Builder onQueuePair(int number) {
            return matching(operation -> operation.queuePair() == number);
        }

        /** Only the nth queue pair that its device created, from 1. */
        public Builder onNthQueuePair(int ordinal) {
            return matching(operation -> operation.ordinal() == ordinal);
        }

        /** Only queue pairs on a port. */
        public Builder onPort(int port) {
            return matching(operation -> operation.port() == port);
        }

        /** Strikes the nth that fits, from 1. */
        public Builder nth(int n) {
            if (n < 1) {
                throw new IllegalArgumentException("operations are counted from 1, not " + n);
            }
            first = n;
            return this;
        }

        /** Strikes so many, from the {@link #nth} on. */
        public Builder times(int count) {
            times = count;
            return this;
        }

        /** Strikes all, from the {@link #nth} on. */
        public Builder always() {
            times = Integer.MAX_VALUE;
            return this;
        }

        /**
         * It never takes place. A send leaves nothing and is told to have succeeded; the completion of a send is never shown; a
         * message that arrived is never shown, and its receive buffer posted again; a signal is not passed on.
         */
        public Fault drop() {
            return add(new FaultAction.Drop(true));
        }

        /** A send never leaves, and never completes before its queue pair is in ERROR. */
        public Fault dropWithoutCompletion() {
            return add(new FaultAction.Drop(false));
        }

        /**
         * It waits until {@link Fault#release}. What the order of a queue pair puts behind it, waits with it: all later sends of the
         * queue pair, all later completions of its sends or of its receives. Other queue pairs go on.
         */
        public Fault hold() {
            return add(new FaultAction.Hold(Optional.empty()));
        }

        /** As {@link #hold}, so long on the clock of the devices. */
        public Fault delay(Duration time) {
            return add(new FaultAction.Hold(Optional.of(time)));
        }

        /** A completion is shown twice, the second time right behind the first. */
        public Fault duplicate() {
            return add(new FaultAction.Duplicate(false));
        }

        /** A completion is shown, and once more when released, even if its queue pair is destroyed by then. */
        public Fault duplicateLater() {
            return add(new FaultAction.Duplicate(true));
        }

        /** A completion has another status, and its queue pair goes to ERROR if that is one of failure. */
        public Fault status(CompletionStatus status) {
            return add(new FaultAction.Status(status, status != CompletionStatus.SUCCESS));
        }

        /** A completion has another status, and its queue pair goes on as if nothing had happened. */
        public Fault statusOnly(CompletionStatus status) {
            return add(new FaultAction.Status(status, false));
        }

        /** A post is refused with a code of {@link io.smc4j.rdma.QueuePair}. */
        public Fault refuse(int code) {
            return add(new FaultAction.Refuse(code));
        }

        /** A call fails. */
        public Fault fail(RdmaException.Category category) {
            return add(new FaultAction.Fail(category));
        }

        /** The queue pair goes to ERROR just before. */
        public Fault breakQueuePair() {
            return add(new FaultAction.BreakQueuePair());
        }

        /** A write takes place, and is kept to arrive once more: {@link Fault#writes}. */
        public Fault capture() {
            predicate = predicate.and(Operation::write);
            return add(new FaultAction.Capture());
        }

        /** A signaled send is completed before the post returns. */
        public Fault completeInsidePost() {
            return add(new FaultAction.CompleteInside());
        }

        /** The port of the queue pair goes down just before. */
        public Fault portDown() {
            return add(new FaultAction.PortDown());
        }

        /** The device is removed just before. */
        public Fault removeDevice() {
            return add(new FaultAction.RemoveDevice());
        }

        /** Code of the test runs just before, on the thread of the operation; what it throws, the operation throws. */
        public Fault run(Runnable code) {
            return add(new FaultAction.Run(code));
        }

        private Fault add(FaultAction action) {
            if (!action.where().contains(point)) {
                throw new IllegalArgumentException(
                        "%s is not possible at %s, only at %s".formatted(action, point, action.where()));
            }
            Fault fault = new Fault(point, predicate, first, times, action);
            faults.add(fault);
            return fault;
        }
    }
}
