package io.smc4j.rdma.ism;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.smc4j.rdma.DeviceOptions;
import io.smc4j.rdma.Dmb;
import io.smc4j.rdma.IsmDevice;
import io.smc4j.rdma.MemoryTempDir;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaException.Category;
import io.smc4j.rdma.RemoteDmb;
import io.smc4j.rdma.shm.SharedDirectory;
import io.smc4j.rdma.shm.SharedFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Shared memory full of garbage leads to errors and superfluous signals, not to crashes or waits without end. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a futex wait cannot be interrupted
class HostilePeerTest {
    private static final long SEED = Long.getLong("smc4j.test.seed", new SplittableRandom().nextLong());

    @TempDir(factory = MemoryTempDir.class)
    Path root;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private SharedDirectory directory;
    private IsmDevice owner;
    private IsmDevice writer;

    @BeforeEach
    void open() throws Exception {
        System.out.println("smc4j.test.seed=" + SEED);
        directory = SharedDirectory.open(root);
        owner = new IsmSharedMemoryProvider().open(new DeviceOptions(root, 1));
        writer = new IsmSharedMemoryProvider().open(new DeviceOptions(root, 1));
    }

    @AfterEach
    void close() {
        writer.close();
        owner.close();
    }

    private void scribble(MemorySegment memory) {
        byte[] garbage = new byte[(int) memory.byteSize()];
        random.nextBytes(garbage);
        memory.copyFrom(MemorySegment.ofArray(garbage));
    }

    private SharedFile fileOf(Dmb dmb) throws RdmaException {
        String name = SharedDirectory.fileName(
                owner.gid().extension(), "dmb", HexFormat.of().toHexDigits(dmb.token()));
        return SharedFile.open(directory, name, DmbControl.BYTES + dmb.memory().byteSize());
    }

    @RepeatedTest(20)
    void shouldPollABoardOfGarbage() throws Exception {
        try (Dmb dmb = owner.register(64, "cookie");
                SharedFile board = directory.openNode(owner.gid().extension(), SignalBoard.BYTES)) {
            scribble(board.memory());
            assertThat(owner.pollSignals(cookie -> assertThat(cookie).isEqualTo("cookie")))
                    .isBetween(0, 1);
            assertThat(owner.pollEvent()).isNull();
            owner.arm();
            owner.await(1_000_000);
            assertThatExceptionOfType(RdmaException.class)
                    .isThrownBy(() -> writer.attach(owner.gid(), dmb.token(), 64));
        }
    }

    @RepeatedTest(20)
    void shouldRefuseToAttachToGarbage() throws Exception {
        try (Dmb dmb = owner.register(64, "cookie");
                SharedFile file = fileOf(dmb)) {
            scribble(file.memory());
            assertThatExceptionOfType(RdmaException.class)
                    .isThrownBy(() -> writer.attach(owner.gid(), dmb.token(), 64))
                    .withMessageContaining("damaged")
                    .satisfies(e -> assertThat(e.category()).isEqualTo(Category.MISUSE));
        }
    }

    @Test
    void shouldRefuseASlotThatNoBoardHas() throws Exception {
        for (int slot : new int[] {-1, SignalBoard.SLOTS, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            try (Dmb dmb = owner.register(64, "cookie");
                    SharedFile file = fileOf(dmb)) {
                file.memory().set(JAVA_INT, 12, slot);
                assertThatExceptionOfType(RdmaException.class)
                        .isThrownBy(() -> writer.attach(owner.gid(), dmb.token(), 64))
                        .withMessageContaining("damaged");
            }
        }
    }

    @Test
    void shouldEndWaitsAtCloseEvenIfThePeerKeepsResettingTheWord() throws Exception {
        Dmb dmb = owner.register(64, "cookie");
        try (SharedFile file = fileOf(dmb);
                RemoteDmb remote = writer.attach(owner.gid(), dmb.token(), 64)) {
            CountDownLatch prepared = new CountDownLatch(1);
            AtomicBoolean done = new AtomicBoolean();
            Thread waiter = Thread.ofPlatform().start(() -> {
                int seen = dmb.prepareWait();
                prepared.countDown();
                dmb.awaitSignal(seen, TimeUnit.HOURS.toNanos(1));
            });
            Thread scribbler = Thread.ofPlatform().start(() -> {
                while (!done.get()) {
                    file.memory().set(JAVA_INT, 128, 0);
                }
            });
            prepared.await();
            dmb.close();
            waiter.join();
            done.set(true);
            scribbler.join();
            remote.signal();
        }
    }
}
