package io.smc4j.testkit.explore;

import java.util.ArrayList;
import java.util.List;

/** A growing list of ints in blocks: growing copies nothing. */
final class IntColumn {
    private static final int SHIFT = 16;
    private static final int MASK = (1 << SHIFT) - 1;

    private final List<int[]> blocks = new ArrayList<>();
    private int size;

    void add(int value) {
        if (size >> SHIFT == blocks.size()) {
            blocks.add(new int[1 << SHIFT]);
        }
        blocks.get(size >> SHIFT)[size & MASK] = value;
        size++;
    }

    int get(int index) {
        return blocks.get(index >> SHIFT)[index & MASK];
    }

    int size() {
        return size;
    }
}
