package io.smc4j.rdma.shm;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.rdma.ChildJvm;
import io.smc4j.rdma.MemoryTempDir;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DoorbellTest {
    private static final long LONG = TimeUnit.HOURS.toNanos(1);
    private static final VarHandle WORK = JAVA_LONG.varHandle();
    private static final long SEED = Long.getLong("smc4j.test.seed", new SplittableRandom().nextLong());

    @TempDir(factory = MemoryTempDir.class)
    Path root;

    @Test
    void shouldNotSleepAfterARingThatCameAfterArm() {
        try (Arena arena = Arena.ofShared();
                Doorbell bell = new Doorbell(arena.allocate(Doorbell.BYTES, 64))) {
            bell.arm();
            bell.ring();
            bell.await(LONG);
        }
    }

    @Test
    void shouldNotTouchTheFutexWhileTheOwnerIsAwake() {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(Doorbell.BYTES, 64);
            try (Doorbell bell = new Doorbell(memory)) {
                bell.ring();
                bell.arm();
                bell.disarm();
                bell.ring();
            }
            assertThat(memory.toArray(JAVA_LONG)).containsOnly(0);
        }
    }

    @Test
    void shouldRememberAWakeUpForTheNextAwait() {
        try (Arena arena = Arena.ofShared();
                Doorbell bell = new Doorbell(arena.allocate(Doorbell.BYTES, 64))) {
            bell.wakeUp();
            bell.arm();
            bell.await(LONG);
        }
    }

    @Test
    void shouldEndAnAwaitWhenClosed() throws Exception {
        try (Arena arena = Arena.ofShared()) {
            Doorbell bell = new Doorbell(arena.allocate(Doorbell.BYTES, 64));
            Thread owner = Thread.ofPlatform().start(() -> {
                bell.arm();
                bell.await(LONG);
            });
            bell.close();
            owner.join();
        }
    }

    /** The owner sleeps without a time-out: one lost wake-up and the test hangs until its own. */
    @Test
    void shouldLoseNoWakeUpInMillionsOfRoundsBetweenThreads() throws Exception {
        int rounds = 2_000_000;
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(Doorbell.BYTES + 64, 64);
            Thread ringer = Thread.ofPlatform().start(() -> produce(memory, rounds, SEED));
            consume(memory, rounds);
            ringer.join();
        }
    }

    @Test
    void shouldLoseNoWakeUpBetweenProcesses() throws Exception {
        int rounds = 500_000;
        try (SharedNode node = SharedNode.open(SharedDirectory.open(root), 4096);
                ChildJvm ringer = ChildJvm.start(Ringer.class, root, node.id(), rounds, SEED)) {
            consume(node.memory(), rounds);
            assertThat(ringer.join()).isZero();
        }
    }

    private static void consume(MemorySegment memory, int rounds) {
        System.out.println("smc4j.test.seed=" + SEED);
        Doorbell bell = new Doorbell(memory);
        SplittableRandom random = new SplittableRandom(SEED + 1);
        long done = 0;
        while (done < rounds) {
            long work = (long) WORK.getVolatile(memory, Doorbell.BYTES);
            if (work == done) {
                bell.arm();
                work = (long) WORK.getAcquire(memory, Doorbell.BYTES);
                if (work == done) {
                    bell.await(LONG);
                } else if (random.nextBoolean()) {
                    bell.disarm();
                }
            }
            done = work;
            pause(random);
        }
        bell.close();
    }

    private static void produce(MemorySegment memory, int rounds, long seed) {
        Doorbell bell = new Doorbell(memory);
        SplittableRandom random = new SplittableRandom(seed);
        for (long i = 1; i <= rounds; i++) {
            WORK.setRelease(memory, Doorbell.BYTES, i);
            bell.ring();
            pause(random);
        }
    }

    private static void pause(SplittableRandom random) {
        for (int i = random.nextInt(16); i > 0; i--) {
            Thread.onSpinWait();
        }
    }

    /** Rings a parent's doorbell. */
    static final class Ringer {
        public static void main(String[] args) throws Exception {
            long node = Long.parseLong(args[1]);
            try (SharedFile file = SharedDirectory.open(Path.of(args[0])).openNode(node, 4096)) {
                produce(file.memory(), Integer.parseInt(args[2]), Long.parseLong(args[3]));
            }
        }
    }
}
