package io.smc4j.actors.fake;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** All registered memory, and how queue pairs of fake devices are joined. */
public final class FakeFabric {
    private final Map<Integer, FakeRegion> regions = new ConcurrentHashMap<>();
    private final AtomicInteger nextKey = new AtomicInteger(1000);
    final AtomicInteger nextQueuePair = new AtomicInteger(1);

    /** Execute every request inside the post. */
    public boolean synchronous;

    FakeRegion register(MemorySegment memory, boolean remoteWrite) {
        FakeRegion region = new FakeRegion(memory, remoteWrite, nextKey.getAndIncrement());
        regions.put(region.localKey(), region);
        return region;
    }

    FakeRegion region(int key) {
        FakeRegion region = regions.get(key);
        if (region == null || region.closed) {
            throw new AssertionError("key " + key + " is not registered");
        }
        return region;
    }

    /** Joins two queue pairs and takes both to RTS. */
    public static void join(FakeQueuePair one, FakeQueuePair other) {
        one.joined(other);
        other.joined(one);
    }
}
