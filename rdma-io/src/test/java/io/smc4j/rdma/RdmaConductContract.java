package io.smc4j.rdma;

import static io.smc4j.rdma.CompletionStatus.RETRY_EXC_ERR;
import static io.smc4j.rdma.CompletionStatus.SUCCESS;
import static io.smc4j.rdma.SendWorkRequest.INLINE;
import static io.smc4j.rdma.SendWorkRequest.SIGNALED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** How every device must behave beyond single requests: long streams, waiting, ports, cost. Subclass it for a device. */
public abstract class RdmaConductContract extends RdmaDeviceFixture {
    private static final int SECOND = 1_000_000_000;

    @Test
    void shouldKeepEveryByteInOrderOverALongRandomStream() {
        long seed = Long.getLong("smc4j.test.seed", System.nanoTime());
        System.out.println("seed of the random stream: -Dsmc4j.test.seed=" + seed);
        Random random = new Random(seed);
        Deque<byte[]> expected = new ArrayDeque<>();
        long posted = 0;
        long received = 0;
        int slot = 0;
        postReceives(16);
        int messages = 3000 / slowness();
        while (received < messages) {
            if (posted - received < 8 && posted < messages) {
                int size = random.nextInt(10) == 0 ? random.nextInt(100_000) : random.nextInt(300);
                int offset = random.nextInt(BUFFER / 2 - 100_000);
                byte[] payload = new byte[size];
                random.nextBytes(payload);
                // one source region and one target region per message in flight would be SMC's way; here a write is
                // verified when the send behind it arrives, so writes of messages in flight must not overlap
                if (expected.isEmpty() && size > 300) {
                    source.asSlice(offset, size).copyFrom(MemorySegment.ofArray(payload));
                    assertThat(write(posted, 0, offset, size)).isEqualTo(QueuePair.OK);
                    assertThat(send(posted, SIGNALED, offset, Math.min(size, 4096)))
                            .isEqualTo(QueuePair.OK);
                    long before = received;
                    until(() -> !b.receives().isEmpty());
                    assertThat(target.asSlice(offset, size).mismatch(source.asSlice(offset, size)))
                            .describedAs("write after %d messages, seed %d", before, seed)
                            .isEqualTo(-1);
                    expected.add(Arrays.copyOf(payload, Math.min(size, 4096)));
                } else {
                    int length = Math.min(size, 256);
                    byte[] small = Arrays.copyOf(payload, length);
                    MemorySegment from = source.asSlice(BUFFER / 2L + (posted % 64) * 256, length);
                    from.copyFrom(MemorySegment.ofArray(small));
                    assertThat(send(posted, SIGNALED, BUFFER / 2L + (posted % 64) * 256, length))
                            .isEqualTo(QueuePair.OK);
                    expected.add(small);
                }
                posted++;
            }
            a.poll();
            b.poll();
            for (WorkCompletion completion : b.receives()) {
                assertThat(completion.status()).isEqualTo(SUCCESS);
                assertThat(completion.id()).isEqualTo(slot);
                assertThat(received(slot, completion.bytes()))
                        .describedAs("message %d, seed %d", received, seed)
                        .isEqualTo(expected.remove());
                postReceive(qb, slot);
                slot = (slot + 1) % 16;
                received++;
            }
            b.completions.clear();
            assertThat(a.completions).extracting(WorkCompletion::status).allMatch(s -> s == SUCCESS);
            a.completions.clear();
        }
    }

    @Test
    void shouldSleepUntilAMessageArrives() throws Exception {
        postReceives(1);
        CompletableFuture<Void> arrived = new CompletableFuture<>();
        Thread owner = Thread.ofPlatform().start(() -> {
            while (b.completions.isEmpty()) {
                b.queue.arm();
                if (b.poll() == 0) {
                    b.queue.await(10L * SECOND);
                }
            }
            arrived.complete(null);
        });
        untilParked(owner);
        send(1, SIGNALED, 0, 44);
        arrived.get(5, TimeUnit.SECONDS);
        owner.join();
        a.poll();
        assertThat(a.completions).hasSize(1);
    }

    @Test
    void shouldWakeUpACurrentAndANextWait() throws Exception {
        Thread owner = Thread.ofPlatform().start(() -> awaitOnce(60L * SECOND));
        untilParked(owner);
        b.queue.wakeUp();
        assertThat(owner.join(Duration.ofSeconds(10))).isTrue();

        b.queue.wakeUp();
        long start = System.nanoTime();
        b.queue.arm();
        b.poll();
        b.queue.await(60L * SECOND);
        assertThat(System.nanoTime() - start).isLessThan(10L * SECOND);
    }

    @Test
    void shouldUseNoCpuWhileIdle() throws Exception {
        for (int i = 0; i < 20; i++) {
            connect(RtsAttributes.linux(i));
        }
        settle();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        CompletableFuture<Long> used = CompletableFuture.supplyAsync(() -> {
            awaitOnce(SECOND / 10);
            long before = threads.getCurrentThreadCpuTime();
            b.queue.arm();
            b.poll();
            b.queue.await(SECOND);
            return threads.getCurrentThreadCpuTime() - before;
        });
        assertThat(used.get(20, TimeUnit.SECONDS))
                .describedAs("CPU nanoseconds in one idle second")
                .isLessThan(SECOND / 50);
    }

    /**
     * Rounds are repeated until one allocates nothing: what comes before is the interpreter and the compilers, who take
     * many seconds in an emulated guest. So the limit is a time, not a number of rounds.
     */
    @Test
    void shouldAllocateNothingPerMessage() {
        Completions batch = new Completions(16);
        postReceives(16);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int messages = 200_000 / slowness();
        long least = Long.MAX_VALUE;
        long deadline = System.nanoTime() + 90L * SECOND;
        int rounds = 0;
        while (least >= messages / 4 && System.nanoTime() < deadline) {
            rounds++;
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < messages; i++) {
                write(i, 0, 0, 64);
                qa.postSend(a.request.send(i, SIGNALED | INLINE).gather(source.address(), 44, sourceRegion.localKey()));
                int got = b.queue.poll(batch);
                for (int k = 0; k < got; k++) {
                    postReceive(qb, (int) batch.workRequestId(k));
                }
                a.queue.poll(batch);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least)
                .describedAs("bytes for %d messages in the best of %d rounds", messages, rounds)
                .isLessThan(messages / 4);
    }

    @Test
    void shouldFailOutstandingWorkIfAPortStaysDown() {
        PortControl ports = portControl(b);
        postReceives(1);
        ports.setPortState(1, PortState.DOWN);
        assertThat(b.device.port(1).state()).isEqualTo(PortState.DOWN);
        assertThat(b.events()).containsExactly(new AsyncEvent.PortDown(1));
        write(1, 0, 0, 64);
        send(2, SIGNALED, 0, 64);
        long start = System.nanoTime();
        until(() -> a.completions.size() == 2);
        long took = System.nanoTime() - start;

        assertThat(a.completions)
                .extracting(WorkCompletion::status)
                .containsExactly(RETRY_EXC_ERR, CompletionStatus.WR_FLUSH_ERR);
        assertThat(took).isBetween(SECOND * 9L / 10, 5L * SECOND);
        ports.setPortState(1, PortState.ACTIVE);
        assertThat(b.events()).containsExactly(new AsyncEvent.PortUp(1));
        settle();
        assertThat(b.completions)
                .describedAs("executed after the sender gave up")
                .isEmpty();
    }

    @Test
    void shouldGoOnIfAPortComesBackInTime() throws Exception {
        PortControl ports = portControl(a);
        QueuePair onPort1 = qb;
        postReceives(1);
        ports.setPortState(1, PortState.DOWN);
        send(1, SIGNALED, 0, 64);
        settle();
        assertThat(a.completions).isEmpty();

        qa = a.createQueuePair();
        qb = b.createQueuePair();
        VerbsNode.connect(a, qa, 2, b, qb, 2, RtsAttributes.linux(9));
        postReceive(qb, 2);
        send(2, SIGNALED, 0, 64);
        until(() -> a.completions.size() == 1);
        assertThat(b.completions).extracting(WorkCompletion::queuePair).containsExactly(qb.number());

        ports.setPortState(1, PortState.ACTIVE);
        until(() -> a.completions.size() == 2 && b.completions.size() == 2);
        assertThat(b.completions.getLast().queuePair()).isEqualTo(onPort1.number());
        assertThat(a.completions).extracting(WorkCompletion::status).containsOnly(SUCCESS);
        assertThat(a.events()).containsExactly(new AsyncEvent.PortDown(1), new AsyncEvent.PortUp(1));
    }

    @Test
    void shouldWakeASleepingOwnerWhenAPortGoesDown() throws Exception {
        PortControl ports = portControl(b);
        Thread owner = Thread.ofPlatform().start(() -> awaitOnce(60L * SECOND));
        untilParked(owner);
        ports.setPortState(2, PortState.DOWN);
        assertThat(owner.join(Duration.ofSeconds(10))).isTrue();
        assertThat(b.events()).containsExactly(new AsyncEvent.PortDown(2));
    }

    @Test
    void shouldNotTimeOutIfThePeerIsMerelySlow() throws Exception {
        assumeTrue(executesWhilePolled(), "this device executes a peer's requests whether its owner polls or not");
        connect(new RtsAttributes(1, 8, 0, 7));
        write(1, SIGNALED, 0, 64);
        long start = System.nanoTime();
        while (System.nanoTime() - start < SECOND / 5) {
            a.poll();
        }
        assertThat(a.completions).isEmpty();
        until(() -> !a.completions.isEmpty());
        assertThat(a.completions.getFirst().status()).isEqualTo(SUCCESS);
    }

    @Test
    void shouldAllowControlCallsWhileTheOwnerPolls() throws Exception {
        Thread owner = Thread.ofPlatform().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                a.poll();
                b.poll();
            }
        });
        for (int i = 0; i < 300 / slowness(); i++) {
            MemoryRegion region = b.domain.register(target.asSlice(0, 4096), true);
            QueuePair one = a.domain.createQueuePair(a.queue, VerbsNode.CAPACITY);
            QueuePair other = b.domain.createQueuePair(b.queue, VerbsNode.CAPACITY);
            VerbsNode.connect(a, one, 1, b, other, otherPort(), RtsAttributes.linux(i));
            region.close();
            one.toError();
            one.close();
            other.close();
        }
        owner.interrupt();
        assertThat(owner.join(Duration.ofSeconds(10))).isTrue();
        assertThat(a.completions).isEmpty();
    }

    /** Waits once, after taking what wake-ups connecting has left. */
    private void awaitOnce(long nanos) {
        b.queue.arm();
        b.poll();
        b.queue.await(SECOND / 1000);
        b.queue.arm();
        b.poll();
        b.queue.await(nanos);
    }

    @Test
    void shouldNotTouchMemoryOnceItIsDeregistered() throws Exception {
        AtomicReference<QueuePair> sender = new AtomicReference<>(qa);
        AtomicReference<MemoryRegion> region = new AtomicReference<>(targetRegion);
        Thread owners = Thread.ofPlatform().start(() -> {
            SendWorkRequest request = new SendWorkRequest();
            while (!Thread.currentThread().isInterrupted()) {
                // in this order: a new queue pair never gets an old region's key
                QueuePair from = sender.get();
                MemoryRegion to = region.get();
                from.postSend(request.write(0, to.address(), to.remoteKey(), 0)
                        .gather(source.address(), 30_000, sourceRegion.localKey()));
                a.poll();
                b.poll();
                a.completions.clear();
                b.completions.clear();
            }
        });
        source.fill((byte) 1);
        for (int round = 0; round < 100 / slowness(); round++) {
            QueuePair from = a.domain.createQueuePair(a.queue, VerbsNode.CAPACITY);
            QueuePair to = b.domain.createQueuePair(b.queue, VerbsNode.CAPACITY);
            VerbsNode.connect(a, from, 1, b, to, otherPort(), RtsAttributes.linux(round));
            try (Arena arena = Arena.ofShared()) {
                MemorySegment memory = arena.allocate(30_000);
                MemoryRegion written = b.domain.register(memory, true);
                region.set(written);
                QueuePair before = sender.getAndSet(from);
                while (memory.get(ValueLayout.JAVA_BYTE, 29_999) == 0) {
                    Thread.onSpinWait();
                }
                written.close();
                memory.fill((byte) 2);
                while (from.state() != QueuePairState.ERROR) {
                    Thread.onSpinWait();
                }
                assertThat(memory.toArray(ValueLayout.JAVA_BYTE)).containsOnly(2);
                if (before != qa) {
                    before.close();
                }
            }
            to.close();
        }
        owners.interrupt();
        assertThat(owners.join(Duration.ofSeconds(10))).isTrue();
        sender.get().close();
    }

    private static PortControl portControl(VerbsNode node) {
        assumeTrue(node.device instanceof PortControl, "ports of this device cannot be controlled");
        return (PortControl) node.device;
    }

    /** A thread that sleeps in a system call looks runnable to Java; what it does no more is use CPU. */
    private static void untilParked(Thread thread) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long used = -1;
        long start = System.nanoTime();
        while (System.nanoTime() - start < PATIENCE_NANOS) {
            long now = threads.getThreadCpuTime(thread.threadId());
            if (now > 0 && now == used) {
                return;
            }
            used = now;
            LockSupport.parkNanos(50_000_000);
        }
        throw new AssertionError("the owner never slept");
    }
}
