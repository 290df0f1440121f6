package io.smc4j.actors.fake;

import io.smc4j.rdma.AsyncEvent;
import io.smc4j.rdma.CompletionQueue;
import io.smc4j.rdma.PortInfo;
import io.smc4j.rdma.PortState;
import io.smc4j.rdma.ProtectionDomain;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.QueuePairCapacity;
import io.smc4j.rdma.RdmaDevice;
import io.smc4j.rdma.RdmaGid;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** One device of a {@link FakeFabric}. */
public final class FakeDevice implements RdmaDevice, ProtectionDomain {
    final FakeFabric fabric;
    public final ConcurrentLinkedQueue<AsyncEvent> events = new ConcurrentLinkedQueue<>();
    public boolean closed;

    public FakeDevice(FakeFabric fabric) {
        this.fabric = fabric;
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public List<PortInfo> ports() {
        return List.of(port(1));
    }

    @Override
    public PortInfo port(int number) {
        return new PortInfo(number, PortState.ACTIVE, new RdmaGid(0, number), number, 1024);
    }

    @Override
    public int maxInlineBytes() {
        return 64;
    }

    @Override
    public ProtectionDomain allocateProtectionDomain() {
        return this;
    }

    @Override
    public CompletionQueue createCompletionQueue(int capacity) {
        return new FakeQueue();
    }

    @Override
    public @Nullable AsyncEvent pollAsyncEvent() {
        return events.poll();
    }

    @Override
    public FakeRegion register(MemorySegment memory, boolean remoteWrite) {
        return fabric.register(memory, remoteWrite);
    }

    @Override
    public QueuePair createQueuePair(CompletionQueue queue, QueuePairCapacity capacity) {
        return new FakeQueuePair(fabric, (FakeQueue) queue, capacity);
    }

    @Override
    public void close() {
        closed = true;
    }
}
