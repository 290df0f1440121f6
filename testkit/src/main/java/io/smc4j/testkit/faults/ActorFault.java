package io.smc4j.testkit.faults;

import io.smc4j.actors.node.ActorKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fault of a {@link FaultDirector}: tells how often it struck, releases the messages it holds, and can be called off. Thread-safe.
 */
public final class ActorFault {
    /** What it does. */
    enum Action {
        FAIL,
        HOLD,
        DROP,
        RUN
    }

    /** What strikes an actor. @param name of the actor: the last element of its path */
    interface Condition {
        boolean fits(ActorKind kind, String name, Object message);
    }

    private final Condition condition;
    private final int first;
    private final int times;
    private final Action action;
    private final Runnable code;
    private final String description;
    private final AtomicInteger matched = new AtomicInteger();
    private final List<Runnable> held = new ArrayList<>();
    private int struck;
    private boolean released;
    private volatile boolean cancelled;

    ActorFault(Condition condition, int first, int times, Action action, Runnable code, String description) {
        this.condition = condition;
        this.first = first;
        this.times = times;
        this.action = action;
        this.code = code;
        this.description = description;
    }

    /** Whether it strikes this message. Counts it. */
    boolean strikes(ActorKind kind, String name, Object message) {
        if (cancelled || !condition.fits(kind, name, message)) {
            return false;
        }
        int nth = matched.incrementAndGet();
        if (nth < first || nth - first >= times) {
            return false;
        }
        synchronized (this) {
            return action != Action.HOLD || !released;
        }
    }

    /** What it does is done: whoever waits for it to strike finds everything in place. */
    synchronized void done() {
        struck++;
        notifyAll();
    }

    Action action() {
        return action;
    }

    Runnable code() {
        return code;
    }

    void holds(Runnable letGo) {
        synchronized (this) {
            if (!released) {
                held.add(letGo);
                return;
            }
        }
        letGo.run();
    }

    /** How often it struck. */
    public synchronized int struck() {
        return struck;
    }

    /** Waits, on the wall clock, until it struck. @throws AssertionError if it does not in time */
    public void awaitStruck(Duration limit) throws InterruptedException {
        awaitStruck(1, limit);
    }

    /** Waits, on the wall clock, until it struck so often. @throws AssertionError if it does not in time */
    public synchronized void awaitStruck(int count, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (struck < count) {
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                throw new AssertionError(
                        "%s did not strike %d times within %d ms".formatted(this, count, limit.toMillis()));
            }
            wait(millis);
        }
    }

    /** How many messages it holds now. */
    public synchronized int holding() {
        return held.size();
    }

    /** Lets the oldest message go that it holds, behind what is in the actor's mailbox now. False if it holds none. */
    public boolean releaseOne() {
        Runnable oldest;
        synchronized (this) {
            if (held.isEmpty()) {
                return false;
            }
            oldest = held.removeFirst();
        }
        oldest.run();
        return true;
    }

    /** Lets all messages go that it holds, behind what is in the actors' mailboxes now, and holds none from now on. */
    public void release() {
        List<Runnable> all;
        synchronized (this) {
            released = true;
            all = new ArrayList<>(held);
            held.clear();
        }
        all.forEach(Runnable::run);
    }

    /** Strikes no more, and lets everything go. */
    public void cancel() {
        cancelled = true;
        release();
    }

    @Override
    public synchronized String toString() {
        return "%s of %s (matched %d, struck %d, holds %d)"
                .formatted(action, description, matched.get(), struck, held.size());
    }
}
