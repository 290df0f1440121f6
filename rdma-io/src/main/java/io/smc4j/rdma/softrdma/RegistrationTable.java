package io.smc4j.rdma.softrdma;

import io.smc4j.rdma.RdmaException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The registered memory of a device, found by key.
 *
 * <p>A key is {@code generation (15 bits) | kind (1 bit: 1 = remote) | index (16 bits)}. An index starts at a random generation
 * and moves on with each use, and the index freed first is used first, so a stale key is refused until its index has been
 * registered 32,768 times more, and a guessed one hits with a probability of 2^-15 at most.
 *
 * <p>Thread rules: {@link #find} by engines, within a turn of their epoch; the rest under the table's lock, from any thread.
 */
final class RegistrationTable {
    private static final int MAX_REGIONS = 0xffff;
    private static final int GENERATION_MASK = 0x7fff;

    private final RandomGenerator random;
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private volatile AtomicReferenceArray<@Nullable SoftMemoryRegion> regions = new AtomicReferenceArray<>(64);
    private int[] generations = new int[64];
    private int used = 1;

    RegistrationTable(RandomGenerator random) {
        this.random = random;
    }

    /** Makes a region with fresh keys and publishes it. */
    synchronized SoftMemoryRegion add(RegionFactory factory) throws RdmaException {
        int index;
        if (used <= MAX_REGIONS && free.size() < 64) {
            index = used++;
            if (index >= generations.length) {
                generations = Arrays.copyOf(generations, Math.min(index * 2, MAX_REGIONS + 1));
                regions = copyOf(regions, generations.length);
            }
            generations[index] = random.nextInt();
        } else if (!free.isEmpty()) {
            index = free.removeFirst();
        } else {
            throw new RdmaException(
                    RdmaException.Category.OUT_OF_RESOURCES,
                    "all " + MAX_REGIONS
                            + " memory regions of the softrdma device are registered: close some, or register"
                            + " larger ones");
        }
        int high = (++generations[index] & GENERATION_MASK) << 17;
        SoftMemoryRegion region = factory.create(high | index, high | 1 << 16 | index);
        regions.set(index, region);
        return region;
    }

    private static AtomicReferenceArray<@Nullable SoftMemoryRegion> copyOf(
            AtomicReferenceArray<@Nullable SoftMemoryRegion> old, int length) {
        AtomicReferenceArray<@Nullable SoftMemoryRegion> copy = new AtomicReferenceArray<>(length);
        for (int i = 0; i < old.length(); i++) {
            copy.setPlain(i, old.getPlain(i));
        }
        return copy;
    }

    /** Forgets a region that has already been marked as closed. */
    synchronized void remove(SoftMemoryRegion region) {
        int index = region.localKey() & 0xffff;
        regions.set(index, null);
        free.addLast(index);
    }

    /** The open region of a protection domain that a key, local or remote, belongs to. */
    @Nullable
    SoftMemoryRegion find(int key, SoftProtectionDomain domain) {
        AtomicReferenceArray<@Nullable SoftMemoryRegion> all = regions;
        int index = key & 0xffff;
        SoftMemoryRegion region = index < all.length() ? all.get(index) : null;
        return region != null && region.isOpen(domain) ? region : null;
    }

    /** Registered regions of a domain, to name them in an error. */
    synchronized List<SoftMemoryRegion> of(SoftProtectionDomain domain) {
        List<SoftMemoryRegion> found = new ArrayList<>();
        for (int i = 1; i < used; i++) {
            SoftMemoryRegion region = regions.get(i);
            if (region != null && region.isOpen(domain)) {
                found.add(region);
            }
        }
        return found;
    }

    /** Makes a region for a pair of keys. */
    @FunctionalInterface
    interface RegionFactory {
        SoftMemoryRegion create(int localKey, int remoteKey);
    }
}
