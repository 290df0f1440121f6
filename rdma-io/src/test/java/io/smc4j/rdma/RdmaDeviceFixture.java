package io.smc4j.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Two devices that reach each other, and one connection between them, for the tests that every device must pass. */
public abstract class RdmaDeviceFixture {
    protected static final int BUFFER = 1 << 20;
    protected static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final int SLOT = 4096;

    protected VerbsNode a;
    protected VerbsNode b;
    protected QueuePair qa;
    protected QueuePair qb;

    /** Sources of {@link #a}'s requests, and the target at {@link #b}. */
    protected MemorySegment source;

    protected MemorySegment target;
    protected MemoryRegion sourceRegion;
    protected MemoryRegion targetRegion;

    /** Opens a device, anew each time. */
    protected abstract RdmaDevice openDevice() throws Exception;

    /** A port other than 1 that leads to the other node too, or 1 if the device has one port only. */
    protected int otherPort() {
        return 2;
    }

    /** Whether RTR fails if there is no such peer; adapters do not look. */
    protected boolean findsPeersAtRtr() {
        return true;
    }

    /**
     * Whether errors have the status that the InfiniBand specification gives them, and an event tells of a queue pair that a peer's
     * request broke. Software RoCE is not that exact; what must be refused is refused all the same.
     */
    protected boolean isExactAboutErrors() {
        return true;
    }

    /** The first of these completions failed as it should, the others were flushed. */
    protected final void assertFailed(List<WorkCompletion> completions, CompletionStatus first) {
        assertThat(completions.getFirst().status())
                .satisfies(status -> assertThat(status).isNotEqualTo(CompletionStatus.SUCCESS))
                .satisfies(status ->
                        assertThat(isExactAboutErrors() ? status : first).isEqualTo(first));
        assertThat(completions.subList(1, completions.size()))
                .extracting(WorkCompletion::status)
                .containsOnly(CompletionStatus.WR_FLUSH_ERR);
    }

    /** Whether a peer's requests wait until the completion queue is polled, as in software; an adapter executes them by itself. */
    protected boolean executesWhilePolled() {
        return true;
    }

    /** Whether RTS chooses the retries; rdma_cm wants to know them when it connects, which is before. */
    protected boolean choosesRetries() {
        return true;
    }

    /** Whether a queue pair that a peer's request broke knows its state at once; with DiSNI it is the peer that tells. */
    protected boolean knowsItsStateAtOnce() {
        return true;
    }

    /** What long tests are divided by on slow machines. */
    protected int slowness() {
        return 1;
    }

    /** Attributes of the connection; a test that needs others calls {@link #connect(RtsAttributes)} before anything else. */
    @BeforeEach
    void open() throws Exception {
        a = new VerbsNode(openDevice());
        b = new VerbsNode(openDevice());
        source = a.allocate(BUFFER);
        target = b.allocate(BUFFER);
        sourceRegion = a.register(source, false);
        targetRegion = b.register(target, true);
        connect(RtsAttributes.linux(0xfffffe));
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
    }

    /** (Re)makes {@link #qa} and {@link #qb} on port 1. */
    protected final void connect(RtsAttributes attributes) throws RdmaException {
        qa = a.createQueuePair();
        qb = b.createQueuePair();
        VerbsNode.connect(a, qa, 1, b, qb, 1, attributes);
    }

    /** Polls both sides until the condition holds. */
    protected final void until(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            a.poll();
            b.poll();
            assertThat(System.nanoTime() - start)
                    .describedAs("waiting; a %s %s, b %s %s", qa, a.completions, qb, b.completions)
                    .isLessThan(PATIENCE_NANOS);
        }
    }

    /** Polls both sides until nothing has happened for a while. */
    protected final void settle() {
        for (int idle = 0; idle < 200; idle++) {
            if (a.poll() + b.poll() > 0) {
                idle = 0;
            }
        }
    }

    protected final int write(long id, int flags, long offset, int length, long remoteAddress, int remoteKey) {
        return qa.postSend(a.request
                .write(id, remoteAddress, remoteKey, flags)
                .gather(source.address() + offset, length, sourceRegion.localKey()));
    }

    protected final int write(long id, int flags, long offset, int length) {
        return write(id, flags, offset, length, target.address() + offset, targetRegion.remoteKey());
    }

    protected final int send(long id, int flags, long offset, int length) {
        return qa.postSend(
                a.request.send(id, flags).gather(source.address() + offset, length, sourceRegion.localKey()));
    }

    /** Posts receives {@code 0..count-1}, a slot of the upper half of the target each. */
    protected final void postReceives(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(postReceive(qb, i)).isEqualTo(QueuePair.OK);
        }
    }

    protected final int postReceive(QueuePair queuePair, int slot) {
        return queuePair.postReceive(slot, target.address() + receiveOffset(slot), SLOT, targetRegion.localKey());
    }

    protected static long receiveOffset(int slot) {
        return BUFFER / 2 + (long) slot * SLOT;
    }

    protected final byte[] received(int slot, int length) {
        return target.asSlice(receiveOffset(slot), length).toArray(ValueLayout.JAVA_BYTE);
    }

    protected static void fill(MemorySegment memory, long offset, long length, int seed) {
        for (long i = 0; i < length; i++) {
            memory.set(ValueLayout.JAVA_BYTE, offset + i, (byte) (seed + i * 31 + (i >> 8)));
        }
    }
}
