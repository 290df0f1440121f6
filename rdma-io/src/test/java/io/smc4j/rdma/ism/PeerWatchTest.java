package io.smc4j.rdma.ism;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.rdma.Dmb;
import io.smc4j.rdma.IsmEvent;
import io.smc4j.rdma.MemoryTempDir;
import io.smc4j.rdma.shm.SharedDirectory;
import io.smc4j.rdma.shm.SharedNode;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerWatchTest {
    @TempDir(factory = MemoryTempDir.class)
    Path root;

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1_000);

    private SharedMemoryIsmDevice open() throws Exception {
        return new SharedMemoryIsmDevice(SharedNode.open(SharedDirectory.open(root), SignalBoard.BYTES), 1, clock::get);
    }

    @Test
    void shouldProbeFourTimesASecondAndReportADeathOnceHoweverManyDmbsItConcerns() throws Exception {
        try (SharedMemoryIsmDevice device = open()) {
            SharedMemoryIsmDevice peer = open();
            try (Dmb one = device.register(64, "one");
                    Dmb two = device.register(64, "two")) {
                peer.attach(device.gid(), one.token(), 64).close();
                peer.attach(device.gid(), two.token(), 64).close();
                assertThat(device.pollEvent()).isNull();
                peer.close();

                clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(249));
                assertThat(device.pollEvent()).isNull();
                clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
                assertThat(device.pollEvent())
                        .isInstanceOfSatisfying(
                                IsmEvent.PeerGone.class,
                                gone -> assertThat(gone.peer()).isEqualTo(peer.gid()));
                clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
                assertThat(device.pollEvent()).isNull();
            }
        }
    }

    @Test
    void shouldNoticeADeathWhileItOnlyPollsForSignals() throws Exception {
        try (SharedMemoryIsmDevice device = open()) {
            SharedMemoryIsmDevice peer = open();
            try (Dmb dmb = device.register(64, "one")) {
                peer.attach(device.gid(), dmb.token(), 64).close();
                peer.close();
                for (int i = 0; i < 16; i++) {
                    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(250));
                    assertThat(device.pollSignals(cookie -> {})).isZero();
                }
                device.arm();
                device.await(Long.MAX_VALUE); // returns at once: there is an event
                assertThat(device.pollEvent()).isNotNull();
            }
        }
    }

    @Test
    void shouldForgetAPeerWithTheLastDmbThatConnectsThem() throws Exception {
        try (SharedMemoryIsmDevice device = open()) {
            SharedMemoryIsmDevice peer = open();
            try (Dmb dmb = device.register(64, "one")) {
                peer.attach(device.gid(), dmb.token(), 64).close();
                assertThat(device.pollEvent()).isNull();
                assertThat(device.peers().isEmpty()).isFalse();
            }
            assertThat(device.peers().isEmpty()).isTrue();
            assertThat(peer.peers().isEmpty()).isTrue();
            peer.close();
            clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
            assertThat(device.pollEvent()).isNull();
        }
    }
}
