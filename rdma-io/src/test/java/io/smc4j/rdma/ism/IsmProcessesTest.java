package io.smc4j.rdma.ism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.smc4j.rdma.ChildJvm;
import io.smc4j.rdma.DeviceOptions;
import io.smc4j.rdma.Dmb;
import io.smc4j.rdma.IsmDevice;
import io.smc4j.rdma.IsmEvent;
import io.smc4j.rdma.IsmGid;
import io.smc4j.rdma.IsmPingPong;
import io.smc4j.rdma.MemoryTempDir;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RemoteDmb;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Devices in different processes, some of which are killed. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a futex wait cannot be interrupted
class IsmProcessesTest {
    private static final long LONG = TimeUnit.HOURS.toNanos(1);

    @TempDir(factory = MemoryTempDir.class)
    Path root;

    private IsmDevice open() throws RdmaException {
        return new IsmSharedMemoryProvider().open(new DeviceOptions(root, 1));
    }

    private List<Path> files() throws Exception {
        try (var paths = Files.walk(root)) {
            return paths.filter(Files::isRegularFile).toList();
        }
    }

    @ParameterizedTest
    @EnumSource(IsmPingPong.Wait.class)
    void shouldPlayPingPongBetweenProcesses(IsmPingPong.Wait wait) throws Exception {
        try (IsmDevice device = open();
                ChildJvm child = ChildJvm.start(IsmPeer.class, root, 20_000, wait);
                Dmb in = device.register(IsmPeer.SIZE, "in");
                RemoteDmb out = IsmPeer.exchange(device, in, child)) {
            IsmPingPong.serve(out, in, 20_000, wait);
            assertThat(child.join()).isZero();
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void shouldReportAKilledPeerWithinASecondAndSweepItsFiles() throws Exception {
        try (IsmDevice device = open();
                ChildJvm child = ChildJvm.start(IsmPeer.class, root, Integer.MAX_VALUE, IsmPingPong.Wait.SLEEP);
                Dmb in = device.register(IsmPeer.SIZE, "in");
                RemoteDmb out = IsmPeer.exchange(device, in, child)) {
            IsmPingPong.serve(out, in, 1_000, IsmPingPong.Wait.SLEEP);
            assertThat(device.pollEvent()).isNull();

            child.kill();
            long killed = System.nanoTime();
            IsmEvent event = awaitEvent(device);
            long delay = System.nanoTime() - killed;

            assertThat(event).isInstanceOf(IsmEvent.PeerGone.class);
            assertThat(TimeUnit.NANOSECONDS.toMillis(delay)).isLessThan(1_000);
            assertThat(files()).hasSize(1); // our own node
            IsmGid dead = ((IsmEvent.PeerGone) event).peer();
            assertThat(device.reaches(dead)).isFalse();
            assertThatExceptionOfType(RdmaException.class)
                    .isThrownBy(() -> device.attach(dead, 1, IsmPeer.SIZE))
                    .withMessageContaining("is gone");
            out.signal();
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void shouldReportAKilledPeerThatHadOnlyAttachedToUs() throws Exception {
        try (IsmDevice device = open();
                ChildJvm child = ChildJvm.start(IsmPeer.class, root, Integer.MAX_VALUE, IsmPingPong.Wait.SLEEP);
                Dmb in = device.register(IsmPeer.SIZE, "in")) {
            IsmPeer.exchange(device, in, child).close();
            child.kill();

            assertThat(awaitEvent(device)).isInstanceOf(IsmEvent.PeerGone.class);
        }
    }

    private static IsmEvent awaitEvent(IsmDevice device) {
        IsmEvent event = device.pollEvent();
        while (event == null) {
            device.arm();
            if (device.pollSignals(cookie -> {}) == 0) {
                device.await(LONG);
            }
            event = device.pollEvent();
        }
        return event;
    }

    @Test
    void shouldCleanUpAfterBothWereKilled() throws Exception {
        try (ChildJvm first = ChildJvm.start(IsmPeer.class, root, 1, IsmPingPong.Wait.SLEEP);
                ChildJvm second = ChildJvm.start(IsmPeer.class, root, 1, IsmPingPong.Wait.SLEEP)) {
            first.line();
            second.line();
            assertThat(files()).hasSize(4);
            first.kill();
            second.kill();
        }
        assertThat(files()).hasSize(4);

        open().close();

        assertThat(files()).isEmpty();
    }
}
