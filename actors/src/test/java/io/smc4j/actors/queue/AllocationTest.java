package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.smc4j.actors.datapath.EndpointListener;
import io.smc4j.actors.datapath.PeerRmbe;
import io.smc4j.actors.datapath.SendBuffer;
import io.smc4j.actors.datapath.SmcrEndpoint;
import io.smc4j.actors.datapath.WaitSettings;
import io.smc4j.actors.datapath.Window;
import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.DeviceOptions;
import io.smc4j.rdma.MemoryRegion;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.RtrAttributes;
import io.smc4j.rdma.RtsAttributes;
import io.smc4j.rdma.softrdma.SoftRdmaProvider;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole SMC-R path, both owners included, driven by one thread over softrdma: so that its allocations can be counted. */
class AllocationTest {
    private static final int SIZE = 65536;
    private static final long NEVER = Long.MAX_VALUE;

    /** Owners that lend nothing, and threads that do not look. */
    private static final OwnerSettings BY_HAND = new OwnerSettings(8, 0, 0, Duration.ofMillis(1));

    private static final WaitSettings ASLEEP = new WaitSettings(0, 1);

    private static final class Side implements LinkListener, EndpointListener, DeviceListener {
        final DeviceContext context;
        final OwnerLoop loop;
        final MemorySegment rmb;
        final MemoryRegion rmbRegion;
        final SmcrEndpoint endpoint;
        final OwnedLink link;

        Side(Path directory, Arena arena, OwnerSettings settings, WaitSettings waiting) throws Exception {
            context = DeviceContext.open(
                    new SoftRdmaProvider().open("soft0", new DeviceOptions(directory, 1)), OwnedLink.COMPLETIONS);
            loop = new OwnerLoop(context, settings, this, command -> {}, System::nanoTime);
            SendBuffer sendBuffer = new SendBuffer(arena.allocate(SIZE, 64));
            sendBuffer.addRegion(
                    context.protectionDomain(), context.protectionDomain().register(sendBuffer.memory(), false));
            rmb = arena.allocate(SIZE, 64);
            rmbRegion = context.protectionDomain().register(rmb, true);
            endpoint = new SmcrEndpoint(1, sendBuffer, rmb, this, waiting);
            QueuePair pair = context.protectionDomain().createQueuePair(context.completionQueue(), OwnedLink.CAPACITY);
            pair.toInit(1);
            link = OwnedLink.prepare(
                    context.protectionDomain(), pair, context.device().maxInlineBytes(), 1, 1, new LinkRoutes(), this);
            loop.execute(new Command.AttachLink(
                    link, TestInbox.<Reply.LinkAttached>create().getRef()));
        }

        void join(Side peer) throws Exception {
            link.queuePair()
                    .toRtr(new RtrAttributes(
                            peer.context.device().port(1).gid(),
                            peer.context.device().port(1).mac(),
                            peer.link.queuePair().number(),
                            1,
                            1024,
                            1,
                            5));
        }

        void start(Side peer) throws Exception {
            link.queuePair().toRts(RtsAttributes.linux(1));
            PeerRmbe target = new PeerRmbe(1, SIZE, 0);
            target.setRtoken(link, peer.rmbRegion.remoteKey(), peer.rmbRegion.address());
            loop.execute(new Command.LinkReady(link));
            loop.execute(new Command.AttachEndpoint(
                    endpoint, link, TestInbox.<Reply.EndpointAttached>create().getRef()));
            loop.execute(new Command.OpenEndpoint(endpoint, target));
        }

        @Override
        public void peerStateFlags(int stateFlags) {}

        @Override
        public void drained() {}

        @Override
        public void violation(String what) {
            throw new AssertionError(what);
        }

        @Override
        public void llcReceived(byte[] message) {}

        @Override
        public void linkFailed(CompletionStatus status, String detail) {
            throw new AssertionError(detail);
        }

        @Override
        public void portDown(int port) {}

        @Override
        public void portUp(int port) {}

        @Override
        public void deviceFatal(String reason) {}
    }

    /** What a message's way is. */
    private interface Transfer {
        void message(Side from, Side to, int length) throws Exception;
    }

    @Test
    void shouldAllocateNothingPerMessage(@TempDir Path directory) throws Exception {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment message = arena.allocate(5000);
            check(directory, arena, BY_HAND, ASLEEP, (from, to, length) -> transfer(from, to, message, length));
        }
    }

    @Test
    void shouldAllocateNothingPerMessageWhenTheApplicationDrives(@TempDir Path directory) throws Exception {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment message = arena.allocate(5000);
            check(
                    directory,
                    arena,
                    OwnerSettings.defaults(),
                    WaitSettings.defaults(),
                    (from, to, length) -> transferWithoutOwners(from, to, message, length));
        }
    }

    @Test
    void shouldAllocateNothingPerMessageInPlace(@TempDir Path directory) throws Exception {
        Window window = new Window();
        try (Arena arena = Arena.ofShared()) {
            check(directory, arena, BY_HAND, ASLEEP, (from, to, length) -> transferInPlace(from, to, window, length));
        }
    }

    private static void check(
            Path directory, Arena arena, OwnerSettings settings, WaitSettings waiting, Transfer transfer)
            throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Side a = new Side(directory, arena, settings, waiting);
        Side b = new Side(directory, arena, settings, waiting);
        a.join(b);
        b.join(a);
        a.start(b);
        b.start(a);
        long allocated = Long.MAX_VALUE;
        // Early rounds allocate while the JIT compiler has not yet removed temporary objects of the JDK's memory
        // access.
        for (int round = 0; round < 30 && allocated > 4096; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 20_000; i++) {
                transfer.message(a, b, 1 + i % 5000);
                transfer.message(b, a, 64);
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(allocated).as("bytes for 40,000 messages").isLessThanOrEqualTo(4096);
        boolean _ = a.endpoint.closeViews();
        boolean _ = b.endpoint.closeViews();
    }

    private static void transferInPlace(Side from, Side to, Window window, int length) throws Exception {
        long sent = 0;
        long received = 0;
        while (received < length) {
            long space = sent == length ? 0 : from.endpoint.claim(window, length - sent);
            if (space > 0) {
                window.memory().set(ValueLayout.JAVA_BYTE, window.offset() + space - 1, (byte) 1);
                from.endpoint.commit(space);
                sent += space;
            }
            from.loop.doWork();
            to.loop.doWork();
            long there = to.endpoint.peek(window);
            if (there > 0) {
                to.endpoint.release(there);
                received += there;
            }
        }
    }

    /** No owner takes a turn: threads that wait do all the work, on either side. */
    private static void transferWithoutOwners(Side from, Side to, MemorySegment message, int length) throws Exception {
        long sent = 0;
        long received = 0;
        while (received < length) {
            from.endpoint.awaitWritable(NEVER);
            sent += from.endpoint.tryWrite(message, 0, length - sent);
            to.endpoint.awaitReadable(NEVER);
            received += to.endpoint.tryRead(message, 0, length - received);
        }
    }

    private static void transfer(Side from, Side to, MemorySegment message, int length) throws Exception {
        long sent = 0;
        long received = 0;
        while (received < length) {
            sent += from.endpoint.tryWrite(message, 0, length - sent);
            from.loop.doWork();
            to.loop.doWork();
            received += to.endpoint.tryRead(message, 0, length - received);
        }
    }
}
