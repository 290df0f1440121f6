package io.smc4j.rdma;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

/** One number to and fro over a pair of DMBs: published with a release store, awaited by spinning or sleeping. */
public final class IsmPingPong {
    private static final long LONG = TimeUnit.HOURS.toNanos(1);
    private static final VarHandle NUMBER = JAVA_LONG.varHandle();

    private IsmPingPong() {}

    /** How the reader waits. */
    public enum Wait {
        SPIN,
        SLEEP
    }

    /** Sends 1..rounds, and awaits each one's echo. */
    public static void serve(RemoteDmb out, Dmb in, int rounds, Wait wait) {
        serve(out, in, 0, rounds, wait);
    }

    /** Sends first + 1 .. last, and awaits each one's echo. */
    public static void serve(RemoteDmb out, Dmb in, int first, int last, Wait wait) {
        for (long i = first + 1; i <= last; i++) {
            send(out, i);
            await(in, i, wait);
        }
    }

    /** Sends back what comes. */
    public static void echo(Dmb in, RemoteDmb out, int rounds, Wait wait) {
        for (long i = 1; i <= rounds; i++) {
            await(in, i, wait);
            send(out, i);
        }
    }

    private static void send(RemoteDmb out, long number) {
        NUMBER.setRelease(out.memory(), 0L, number);
        out.signal();
    }

    private static void await(Dmb in, long number, Wait wait) {
        while (!arrived(in, number)) {
            if (wait == Wait.SPIN) {
                Thread.onSpinWait();
                continue;
            }
            int seen = in.prepareWait();
            if (!arrived(in, number)) {
                in.awaitSignal(seen, LONG);
            }
        }
    }

    private static boolean arrived(Dmb in, long number) {
        return (long) NUMBER.getAcquire(in.memory(), 0L) == number;
    }
}
