package io.smc4j.races;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/** Runs tasks at once on threads of their own, or, while closed, keeps them: the moment between a call and its outcome. */
final class GateA implements Executor {
    private final ArrayDeque<Runnable> kept = new ArrayDeque<>();
    private boolean closed;

    synchronized void close() {
        closed = true;
    }

    void open() {
        ArrayDeque<Runnable> tasks;
        synchronized (this) {
            closed = false;
            tasks = new ArrayDeque<>(kept);
            kept.clear();
        }
        tasks.forEach(this::start);
    }

    /** Lets the oldest task go; the gate stays closed. */
    void letOneGo() {
        Runnable task;
        synchronized (this) {
            task = kept.remove();
        }
        start(task);
    }

    synchronized int waiting() {
        return kept.size();
    }

    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            if (closed) {
                kept.add(task);
                return;
            }
        }
        start(task);
    }

    private void start(Runnable task) {
        Thread.ofVirtual().name("smc4j-test-blocking").start(task);
    }
}
