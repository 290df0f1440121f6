package io.smc4j.rdma;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

/** One number to and fro over a pair of DMBs: published with a release store, awaited by spinning or sleeping. */
public final class IsmPingPong {
    private static final long LOST = TimeUnit.SECONDS.toNanos(10);
    private static final VarHandle NUMBER = JAVA_LONG.varHandle();

    private IsmPingPong() {}

    /** How the reader waits. */
    public enum Wait {
        SPIN,
        SLEEP,
        /** Pauses and looks a varying number of times before it sends and sleeps: signals come at every point of falling asleep. */
        LOOK_AND_SLEEP
    }

    /** Sends 1..rounds, and awaits each one's echo. */
    public static void serve(RemoteDmb out, Dmb in, int rounds, Wait wait) {
        serve(out, in, 0, rounds, wait);
    }

    /** Sends first + 1 .. last, and awaits each one's echo. */
    public static void serve(RemoteDmb out, Dmb in, int first, int last, Wait wait) {
        for (long i = first + 1; i <= last; i++) {
            pause(~i, wait);
            send(out, i);
            await(in, i, wait);
        }
    }

    /** Sends back what comes. */
    public static void echo(Dmb in, RemoteDmb out, int rounds, Wait wait) {
        for (long i = 1; i <= rounds; i++) {
            await(in, i, wait);
            pause(i, wait);
            send(out, i);
        }
    }

    private static void send(RemoteDmb out, long number) {
        NUMBER.setRelease(out.memory(), 0L, number);
        out.signal();
    }

    private static void await(Dmb in, long number, Wait wait) {
        while (!arrived(in, number, 1)) {
            if (wait == Wait.SPIN) {
                Thread.onSpinWait();
                continue;
            }
            int seen = in.prepareWait();
            int looks = wait == Wait.SLEEP ? 1 : 1 + hash(number * 31);
            if (!arrived(in, number, looks)) {
                long start = System.nanoTime();
                in.awaitSignal(seen, LOST);
                if (System.nanoTime() - start >= LOST) {
                    throw new AssertionError("slept " + LOST + " ns in round " + number + ": a signal was lost");
                }
            }
        }
    }

    private static void pause(long number, Wait wait) {
        if (wait == Wait.LOOK_AND_SLEEP) {
            for (int i = hash(number) / 4; i > 0; i--) {
                Thread.onSpinWait();
            }
        }
    }

    /** 0..63, the same in every run. */
    private static int hash(long number) {
        return (int) ((number * 0x9E37_79B9_7F4A_7C15L) >>> 58);
    }

    private static boolean arrived(Dmb in, long number, int looks) {
        for (int i = 0; i < looks; i++) {
            if ((long) NUMBER.getAcquire(in.memory(), 0L) == number) {
                return true;
            }
        }
        return false;
    }
}
