package io.smc4j.rdma;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.VarHandle;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A writer and a reader in lock step, at random distances around the moment at which the reader falls asleep: no later signal makes
 * up for one that was lost.
 */
final class IsmSignalHammer {
    private static final VarHandle NUMBER = JAVA_LONG.varHandle();
    private static final long LOST = TimeUnit.SECONDS.toNanos(10);
    private static final long FAILED = -1;

    private final long seed = Long.getLong("smc4j.test.seed", new SplittableRandom().nextLong());
    private final Dmb dmb;
    private final RemoteDmb remote;
    private final AtomicLong acknowledged = new AtomicLong();

    IsmSignalHammer(Dmb dmb, RemoteDmb remote) {
        this.dmb = dmb;
        this.remote = remote;
    }

    void run(int rounds) throws InterruptedException {
        System.out.println("smc4j.test.seed=" + seed);
        Thread writer = Thread.ofPlatform().start(() -> write(rounds));
        try {
            read(rounds);
        } finally {
            if (acknowledged.get() != rounds) {
                acknowledged.set(FAILED);
            }
            writer.join();
        }
    }

    private void write(int rounds) {
        SplittableRandom random = new SplittableRandom(seed);
        for (long i = 1; i <= rounds; i++) {
            pause(random);
            NUMBER.setRelease(remote.memory(), 0L, i);
            remote.signal();
            while (acknowledged.getAcquire() != i) {
                if (acknowledged.getAcquire() == FAILED) {
                    return;
                }
                Thread.onSpinWait();
            }
        }
    }

    private void read(int rounds) {
        SplittableRandom random = new SplittableRandom(seed + 1);
        for (long i = 1; i <= rounds; i++) {
            pause(random);
            while (!arrived(i, 1)) {
                int seen = dmb.prepareWait();
                // several looks, or nearly every round would end in a slow sleep
                if (!arrived(i, 1 + random.nextInt(64))) {
                    long start = System.nanoTime();
                    dmb.awaitSignal(seen, LOST);
                    assertThat(System.nanoTime() - start)
                            .as("nanoseconds asleep in round %d of seed %d", i, seed)
                            .isLessThan(LOST);
                }
            }
            acknowledged.setRelease(i);
        }
    }

    private boolean arrived(long number, int looks) {
        for (int i = 0; i < looks; i++) {
            if ((long) NUMBER.getAcquire(dmb.memory(), 0L) == number) {
                return true;
            }
        }
        return false;
    }

    private static void pause(SplittableRandom random) {
        for (int i = random.nextInt(16); i > 0; i--) {
            Thread.onSpinWait();
        }
    }
}
