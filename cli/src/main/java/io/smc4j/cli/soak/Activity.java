package io.smc4j.cli.soak;

/** Something that should get on: a call that waits for the other end or for smc4j. Written by its thread, read by the watch. */
final class Activity {
    private final String what;
    private final Runnable giveUp;
    private final Thread thread = Thread.currentThread();
    private volatile long since = System.nanoTime();
    private volatile boolean resting;
    private volatile boolean reported;

    Activity(String what, Runnable giveUp) {
        this.what = what;
        this.giveUp = giveUp;
    }

    /** It got on. */
    void progress() {
        since = System.nanoTime();
    }

    /** It rests because it wants to, or goes on. */
    void rests(boolean rest) {
        since = System.nanoTime();
        resting = rest;
    }

    /** Nanoseconds without progress. */
    long stalledNanos(long now) {
        return resting ? 0 : Math.max(0, now - since);
    }

    /** True once: the caller reports it as hanging. */
    boolean report() {
        boolean first = !reported;
        reported = true;
        return first;
    }

    /** Ends it by force, after it was reported. */
    void giveUp() {
        giveUp.run();
        thread.interrupt();
    }

    String what() {
        return what;
    }

    Thread thread() {
        return thread;
    }
}
