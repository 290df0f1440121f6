package io.smc4j.testkit.junit;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Runs a test on a thread of its own, for a time. */
final class BoundedRun {
    private static final long TIME_TO_GIVE_UP_SECONDS = 5;

    /** A test. */
    interface Code {
        void run() throws Throwable;
    }

    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread;

    private BoundedRun(String name, Code code) {
        thread = Thread.ofPlatform().daemon().name("test " + name).unstarted(() -> {
            try {
                code.run();
            } catch (Throwable e) {
                failure.set(e);
            } finally {
                over.countDown();
            }
        });
    }

    static BoundedRun of(String name, Code code) {
        return new BoundedRun(name, code);
    }

    /** Throws what the test throws; an AssertionError with the thread's stack if it takes too long. */
    void within(int seconds) throws Throwable {
        thread.start();
        if (!over.await(seconds, TimeUnit.SECONDS)) {
            AssertionError late = new AssertionError("the test was not over after " + seconds + " s; it was at");
            late.setStackTrace(thread.getStackTrace());
            thread.interrupt();
            if (!over.await(TIME_TO_GIVE_UP_SECONDS, TimeUnit.SECONDS)) {
                late.addSuppressed(new IllegalStateException("it does not heed its interrupt, and was left running"));
            }
            Throwable then = failure.get();
            if (then != null) {
                late.addSuppressed(then);
            }
            throw late;
        }
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw thrown;
        }
    }
}
