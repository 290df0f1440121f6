package io.smc4j.races;

import io.smc4j.rdma.AsyncEvent;
import io.smc4j.rdma.CompletionQueue;
import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.Completions;
import io.smc4j.rdma.MemoryRegion;
import io.smc4j.rdma.PortInfo;
import io.smc4j.rdma.PortState;
import io.smc4j.rdma.ProtectionDomain;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.QueuePairCapacity;
import io.smc4j.rdma.RdmaDevice;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaGid;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An RDMA device whose queue pairs have no peer but the test: it reads what was sent and says what is received. */
final class FakeRdmaA implements RdmaDevice {
    private record Done(long id, CompletionStatus status, FakeQpA pair, int bytes, boolean receive) {}

    private final String name;
    private final long gidHigh;
    private final PortState[] ports;
    private final AtomicInteger numbers = new AtomicInteger();
    private final ConcurrentLinkedQueue<AsyncEvent> events = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Done> done = new ConcurrentLinkedQueue<>();
    private final Semaphore wakeUps = new Semaphore(0);
    private final Map<Integer, MemorySegment> regions = new ConcurrentHashMap<>();
    private final Set<FakeQpA> open = ConcurrentHashMap.newKeySet();
    private final Domain domain = new Domain();
    private final Queue queue = new Queue();

    /** What nobody may do, and somebody did. */
    final List<String> violations = new CopyOnWriteArrayList<>();

    /** Registrations that still succeed; the one after them fails, once. Negative: all succeed. */
    final AtomicInteger registrationsLeft = new AtomicInteger(-1);

    /** Address of all ports, if their GIDs are to be IPv4 addresses. */
    volatile long ipv4;

    /** Whether no queue pair gets beyond RESET. */
    volatile boolean refusesInit;

    /** Names of the threads that destroyed queue pairs and registrations. */
    final Set<String> closers = ConcurrentHashMap.newKeySet();

    /** All queue pairs ever made, in order. */
    final List<FakeQpA> queuePairs = new CopyOnWriteArrayList<>();

    FakeRdmaA(String name, int index, int ports) {
        this.name = name;
        this.gidHigh = 0xfe80L << 48 | index;
        this.ports = new PortState[ports];
        java.util.Arrays.fill(this.ports, PortState.ACTIVE);
        numbers.set(100 * index);
    }

    int openQueuePairs() {
        return open.size();
    }

    int openRegions() {
        return regions.size();
    }

    void raise(AsyncEvent event) {
        events.add(event);
        queue.wakeUp();
    }

    void complete(long id, CompletionStatus status, FakeQpA pair, int bytes, boolean receive) {
        done.add(new Done(id, status, pair, bytes, receive));
        queue.wakeUp();
    }

    MemorySegment memory(int key, long address, int length) {
        MemorySegment region = regions.get(key);
        if (region == null) {
            String what = "memory with key " + key + " is used, but not registered (any more)";
            violations.add(what);
            throw new AssertionError(what);
        }
        return region.asSlice(address - region.address(), length);
    }

    void closed(FakeQpA pair) {
        closers.add(Thread.currentThread().getName());
        open.remove(pair);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<PortInfo> ports() {
        return java.util.stream.IntStream.rangeClosed(1, ports.length)
                .mapToObj(this::port)
                .toList();
    }

    @Override
    public PortInfo port(int number) {
        return new PortInfo(
                number,
                ports[number - 1],
                ipv4 == 0 ? new RdmaGid(gidHigh, number) : new RdmaGid(0, 0xffff_0000_0000L | ipv4),
                0x020000000000L | number,
                1024);
    }

    @Override
    public int maxInlineBytes() {
        return 0;
    }

    @Override
    public ProtectionDomain allocateProtectionDomain() {
        return domain;
    }

    @Override
    public CompletionQueue createCompletionQueue(int capacity) {
        return queue;
    }

    @Override
    public @Nullable AsyncEvent pollAsyncEvent() {
        return events.poll();
    }

    @Override
    public void close() {}

    private final class Domain implements ProtectionDomain {
        @Override
        public MemoryRegion register(MemorySegment memory, boolean remoteWrite) throws RdmaException {
            if (registrationsLeft.getAndUpdate(left -> left < 0 ? left : left - 1) == 0) {
                throw new RdmaException(RdmaException.Category.OUT_OF_RESOURCES, "no more registrations");
            }
            int key = numbers.incrementAndGet();
            regions.put(key, memory);
            return new MemoryRegion() {
                @Override
                public long address() {
                    return memory.address();
                }

                @Override
                public long length() {
                    return memory.byteSize();
                }

                @Override
                public int localKey() {
                    return key;
                }

                @Override
                public int remoteKey() {
                    return key;
                }

                @Override
                public void close() {
                    closers.add(Thread.currentThread().getName());
                    regions.remove(key);
                }
            };
        }

        @Override
        public QueuePair createQueuePair(CompletionQueue forQueue, QueuePairCapacity capacity) {
            FakeQpA pair = new FakeQpA(FakeRdmaA.this, numbers.incrementAndGet());
            open.add(pair);
            queuePairs.add(pair);
            return pair;
        }

        @Override
        public void close() {}
    }

    private final class Queue implements CompletionQueue {
        @Override
        public int poll(Completions batch) {
            batch.clear();
            while (!batch.isFull()) {
                Done next = done.poll();
                if (next == null) {
                    break;
                }
                next.pair().polled();
                batch.add(next.id(), next.status(), next.pair().number(), next.bytes(), next.receive());
            }
            return batch.size();
        }

        @Override
        public void arm() {}

        @Override
        public void await(long timeoutNanos) {
            try {
                if (wakeUps.tryAcquire(timeoutNanos, TimeUnit.NANOSECONDS)) {
                    wakeUps.drainPermits();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void wakeUp() {
            wakeUps.release();
        }

        @Override
        public void close() {}
    }
}
