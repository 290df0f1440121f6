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

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a futex wait cannot be interrupted
class DoorbellTest {
    private static final long LOST = TimeUnit.SECONDS.toNanos(10);
    private static final long LONG = TimeUnit.HOURS.toNanos(1);
    private static final VarHandle NUMBER = JAVA_LONG.varHandle();
    private static final long PUBLISHED = Doorbell.BYTES;
    private static final long ACKNOWLEDGED = Doorbell.BYTES + 64;
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

    /**
     * Both sides go in lock step, at random distances around the moment at which the owner falls asleep, and no later ring makes
     * up for one that was lost.
     */
    @Test
    void shouldLoseNoWakeUpInAMillionRoundsBetweenThreads() throws Exception {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(ACKNOWLEDGED + 64, 64);
            Thread ringer = Thread.ofPlatform().start(() -> produce(memory, 1_000_000, SEED));
            consume(memory, 1_000_000);
            ringer.join();
        }
    }

    @Test
    void shouldLoseNoWakeUpBetweenProcesses() throws Exception {
        try (SharedNode node = SharedNode.open(SharedDirectory.open(root), 4096);
                ChildJvm ringer = ChildJvm.start(Ringer.class, root, node.id(), 300_000, SEED)) {
            consume(node.memory(), 300_000);
            assertThat(ringer.join()).isZero();
        }
    }

    private static void consume(MemorySegment memory, int rounds) {
        System.out.println("smc4j.test.seed=" + SEED);
        Doorbell bell = new Doorbell(memory);
        SplittableRandom random = new SplittableRandom(SEED + 1);
        for (long expected = 1; expected <= rounds; expected++) {
            pause(random);
            while ((long) NUMBER.getAcquire(memory, PUBLISHED) != expected) {
                bell.arm();
                // several looks, or nearly every round would end in a slow sleep
                int looks = 1 + random.nextInt(64);
                while (looks > 0 && (long) NUMBER.getAcquire(memory, PUBLISHED) != expected) {
                    looks--;
                }
                if (looks == 0) {
                    long start = System.nanoTime();
                    bell.await(LOST);
                    assertThat(System.nanoTime() - start)
                            .as("nanoseconds asleep in round %d of seed %d", expected, SEED)
                            .isLessThan(LOST);
                } else if (random.nextBoolean()) {
                    bell.disarm();
                }
            }
            NUMBER.setRelease(memory, ACKNOWLEDGED, expected);
        }
        bell.close();
    }

    private static void produce(MemorySegment memory, int rounds, long seed) {
        Doorbell bell = new Doorbell(memory);
        SplittableRandom random = new SplittableRandom(seed);
        for (long i = 1; i <= rounds; i++) {
            pause(random);
            NUMBER.setRelease(memory, PUBLISHED, i);
            bell.ring();
            while ((long) NUMBER.getAcquire(memory, ACKNOWLEDGED) != i) {
                Thread.onSpinWait();
            }
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
