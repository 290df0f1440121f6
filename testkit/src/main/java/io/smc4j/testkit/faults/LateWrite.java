package io.smc4j.testkit.faults;

import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.MemoryRegion;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.SendWorkRequest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An RDMA write that was captured, to arrive once more: as one that was under way in the network when everybody thought that
 * nothing was. Thread-safe.
 */
public final class LateWrite {
    /** Ids of our own requests; their high bits belong to no link. */
    private static final long ID = 0xFA17_7E57_0000_0000L;

    private final FaultyDevice device;
    private final FaultyQueuePair queuePair;
    private final byte[] payload;
    private final long remoteAddress;
    private final int remoteKey;
    private final AtomicLong replays = new AtomicLong();

    LateWrite(FaultyDevice device, FaultyQueuePair queuePair, byte[] payload, long remoteAddress, int remoteKey) {
        this.device = device;
        this.queuePair = queuePair;
        this.payload = payload;
        this.remoteAddress = remoteAddress;
        this.remoteKey = remoteKey;
    }

    public byte[] payload() {
        return payload.clone();
    }

    public long remoteAddress() {
        return remoteAddress;
    }

    public int remoteKey() {
        return remoteKey;
    }

    /**
     * Lets it arrive at a device now, whatever became of the queue pair that brought it.
     *
     * @param receiver the peer's device, of which the key is
     * @return whether memory was written; false if the memory is not registered under the key any more
     */
    public boolean arriveAt(FaultyDevice receiver) {
        boolean written = receiver.arrives(remoteKey, remoteAddress, payload);
        receiver.record(
                FaultKind.WRITE_REPLAYED,
                "memory under key %#x of %s".formatted(remoteKey, receiver.name()),
                payload.length + " bytes, " + (written ? "written" : "the key is not valid any more"));
        return written;
    }

    /**
     * Sends it again on its own queue pair, behind what was posted there.
     *
     * @return what it completes with; WR_FLUSH_ERR if the queue pair cannot send any more. A peer that refuses it breaks the queue
     *     pair
     */
    public CompletionStage<CompletionStatus> replay() throws RdmaException {
        FaultyDomain domain = device.domain(queuePair);
        if (domain == null) {
            return CompletableFuture.completedFuture(CompletionStatus.WR_FLUSH_ERR);
        }
        MemorySegment copy = Arena.ofAuto().allocate(Math.max(1, payload.length));
        copy.asByteBuffer().put(payload);
        MemoryRegion region = domain.registerQuietly(copy);
        CompletableFuture<CompletionStatus> written = new CompletableFuture<>();
        SendWorkRequest request = new SendWorkRequest()
                .write(ID + replays.incrementAndGet(), remoteAddress, remoteKey, SendWorkRequest.SIGNALED)
                .gather(region.address(), payload.length, region.localKey());
        device.record(FaultKind.WRITE_REPLAYED, queuePair.toString(), payload.length + " bytes, on its own queue pair");
        queuePair.queue().run(() -> queuePair.replay(request, written));
        return written.whenCompleteAsync((status, failure) -> region.close());
    }
}
