package io.smc4j.testkit.explore;

import java.util.Arrays;

/** Fingerprints seen and the number each was given, in order: open addressing, 40 bytes a state at most. */
final class StateTable {
    private long[] keys = new long[1 << 11];
    private int[] numbers = new int[1 << 10];
    private int size;

    StateTable() {
        Arrays.fill(numbers, -1);
    }

    int size() {
        return size;
    }

    /** The state's number; a new one (the size before the call) if it was not seen before. */
    int number(long first, long second) {
        int slot = find(first, second);
        if (numbers[slot] < 0) {
            if (size >= numbers.length / 3 * 2) {
                grow();
                slot = find(first, second);
            }
            keys[2 * slot] = first;
            keys[2 * slot + 1] = second;
            numbers[slot] = size++;
        }
        return numbers[slot];
    }

    private int find(long first, long second) {
        int mask = numbers.length - 1;
        int slot = (int) first & mask;
        while (numbers[slot] >= 0 && (keys[2 * slot] != first || keys[2 * slot + 1] != second)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldNumbers = numbers;
        keys = new long[oldKeys.length * 2];
        numbers = new int[oldNumbers.length * 2];
        Arrays.fill(numbers, -1);
        for (int i = 0; i < oldNumbers.length; i++) {
            if (oldNumbers[i] >= 0) {
                int slot = find(oldKeys[2 * i], oldKeys[2 * i + 1]);
                keys[2 * slot] = oldKeys[2 * i];
                keys[2 * slot + 1] = oldKeys[2 * i + 1];
                numbers[slot] = oldNumbers[i];
            }
        }
    }
}
