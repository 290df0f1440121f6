package io.smc4j.testkit.faults;

import static io.smc4j.testkit.faults.Point.ATTACH_DMB;
import static io.smc4j.testkit.faults.Point.CREATE_QUEUE_PAIR;
import static io.smc4j.testkit.faults.Point.POST_RECEIVE;
import static io.smc4j.testkit.faults.Point.POST_SEND;
import static io.smc4j.testkit.faults.Point.RECEIVED;
import static io.smc4j.testkit.faults.Point.REGISTER;
import static io.smc4j.testkit.faults.Point.REGISTER_DMB;
import static io.smc4j.testkit.faults.Point.SENT;
import static io.smc4j.testkit.faults.Point.SIGNAL;
import static io.smc4j.testkit.faults.Point.SIGNALLED;
import static io.smc4j.testkit.faults.Point.TO_RTR;
import static io.smc4j.testkit.faults.Point.TO_RTS;

import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.RdmaException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What to do to an operation. */
sealed interface FaultAction {
    /** Where it can be done. */
    Set<Point> where();

    /** It never takes place. @param completes whether a send is told to have succeeded */
    record Drop(boolean completes) implements FaultAction {
        @Override
        public Set<Point> where() {
            return EnumSet.of(POST_SEND, SENT, RECEIVED, SIGNAL, SIGNALLED);
        }
    }

    /** It waits: so long on the clock of the devices, or until released. */
    record Hold(Optional<Duration> time) implements FaultAction {
        @Override
        public Set<Point> where() {
            return EnumSet.of(POST_SEND, POST_RECEIVE, SENT, RECEIVED, SIGNAL, SIGNALLED);
        }
    }

    /** It takes place twice. */
    record Duplicate(boolean later) implements FaultAction {
        @Override
        public Set<Point> where() {
            return EnumSet.of(SENT, RECEIVED);
        }
    }

    /** It has another status. @param breaks whether the queue pair goes to ERROR, as it does on hardware */
    record Status(CompletionStatus status, boolean breaks) implements FaultAction {
        @Override
        public Set<Point> where() {
            return EnumSet.of(SENT, RECEIVED);
        }
    }

    /** It is refused with a code of {@link io.smc4j.rdma.QueuePair}. */
    record Refuse(int code) implements FaultAction {
        @Override
        public Set<Point> where() {
            return EnumSet.of(POST_SEND, POST_RECEIVE);
        }
    }

    /** It throws. */
    record Fail(RdmaException.Category category) implements FaultAction {
        @Override
        public Set<Point> where() {
            return EnumSet.of(REGISTER, CREATE_QUEUE_PAIR, TO_RTR, TO_RTS, REGISTER_DMB, ATTACH_DMB);
        }
    }

    /** The queue pair goes to ERROR just before. */
    record BreakQueuePair() implements FaultAction {
        @Override
        public Set<Point> where() {
            return EnumSet.of(POST_SEND, POST_RECEIVE, SENT, RECEIVED, TO_RTR, TO_RTS);
        }
    }

    /** A write is written down. */
    record Capture() implements FaultAction {
        @Override
        public Set<Point> where() {
            return EnumSet.of(POST_SEND);
        }
    }

    /** The post returns only when the completion is there. */
    record CompleteInside() implements FaultAction {
        @Override
        public Set<Point> where() {
            return EnumSet.of(POST_SEND);
        }
    }

    /** The port of the queue pair goes down just before. */
    record PortDown() implements FaultAction {
        @Override
        public Set<Point> where() {
            return EnumSet.of(POST_SEND, POST_RECEIVE, SENT, RECEIVED, TO_RTR, TO_RTS);
        }
    }

    /** The device is removed just before. */
    record RemoveDevice() implements FaultAction {
        @Override
        public Set<Point> where() {
            return EnumSet.allOf(Point.class);
        }
    }

    /** Code of the test runs just before. */
    record Run(Runnable code) implements FaultAction {
        @Override
        public Set<Point> where() {
            return EnumSet.allOf(Point.class);
        }
    }
}
