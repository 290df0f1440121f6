package io.smc4j.rdma.shm;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.rdma.ChildJvm;
import io.smc4j.rdma.MemoryTempDir;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a futex wait cannot be interrupted
class SharedNodeTest {
    @TempDir(factory = MemoryTempDir.class)
    Path root;

    private SharedDirectory directory;

    @BeforeEach
    void open() throws Exception {
        directory = SharedDirectory.open(root);
    }

    @Test
    void shouldBeAliveWithinItsOwnProcessUntilClosed() throws Exception {
        SharedNode node = SharedNode.open(directory, 4096);
        node.create("dmb", "1", 4096).close();

        assertThat(directory.isAlive(node.id())).isTrue();
        assertThat(directory.sweepDead()).isZero();
        assertThat(directory.list()).hasSize(2);

        node.close();
        node.close();
        assertThat(directory.isAlive(node.id())).isFalse();
        assertThat(directory.list()).isEmpty();
    }

    @Test
    void shouldShareItsMemoryWithPeers() throws Exception {
        try (SharedNode node = SharedNode.open(directory, 4096);
                SharedFile peers = directory.openNode(node.id(), 4096)) {
            peers.memory().set(JAVA_LONG, 8, 99);

            assertThat(node.memory().get(JAVA_LONG, 8)).isEqualTo(99);
        }
    }

    @Test
    void shouldBeDeadOnceItsProcessIsKilledAndSweptByAnybody() throws Exception {
        try (ChildJvm first = ChildJvm.start(Owner.class, root);
                ChildJvm second = ChildJvm.start(Owner.class, root)) {
            long id = HexFormat.fromHexDigitsToLong(first.line());
            long other = HexFormat.fromHexDigitsToLong(second.line());
            assertThat(directory.isAlive(id)).isTrue();
            assertThat(directory.list()).hasSize(4);

            first.kill();
            assertThat(directory.isAlive(id)).isFalse();
            assertThat(directory.isAlive(other)).isTrue();
            assertThat(directory.sweepDead()).isOne();
            assertThat(directory.list()).hasSize(2);

            second.kill();
            assertThat(SharedDirectory.open(root).list()).isEmpty();
        }
    }

    @Test
    void shouldNeverLoseALivingNodeToConcurrentSweepers() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        Thread[] sweepers = new Thread[3];
        for (int i = 0; i < sweepers.length; i++) {
            sweepers[i] = Thread.ofPlatform().start(() -> {
                while (!done.get()) {
                    directory.sweepDead();
                }
            });
        }
        try {
            for (int round = 0; round < 500; round++) {
                try (SharedNode node = SharedNode.open(directory, 4096);
                        SharedFile file = node.create("dmb", "x", 4096)) {
                    assertThat(directory.isAlive(node.id())).isTrue();
                    assertThat(file.path()).exists();
                }
            }
        } finally {
            done.set(true);
            for (Thread sweeper : sweepers) {
                sweeper.join();
            }
        }
        assertThat(directory.list()).isEmpty();
    }

    /** Opens a node, says its id, and waits to be killed. */
    static final class Owner {
        public static void main(String[] args) throws Exception {
            try (SharedNode node = SharedNode.open(SharedDirectory.open(Path.of(args[0])), 4096);
                    SharedFile file = node.create("dmb", "7", 4096)) {
                System.out.println(HexFormat.of().toHexDigits(node.id()));
                System.in.read();
                System.out.println(file.path());
            }
        }
    }
}
