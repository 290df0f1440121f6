package io.smc4j.rdma.disni;

import java.io.IOException;

/**
 * Stateful receive calls, one for each buffer that is posted: DiSNI cannot point one to another buffer, but the same buffers are
 * posted again and again, in turn. The posting thread's only.
 */
final class ReceiveCalls {
    private final Jverbs.Pair pair;
    private final long workId;
    private final Jverbs.Receive[] calls;
    private final long[] addresses;
    private final int[] lengths;
    private final int[] keys;
    private int count;
    private int next;

    ReceiveCalls(Jverbs.Pair pair, long workId, int capacity) {
        this.pair = pair;
        this.workId = workId;
        calls = new Jverbs.Receive[capacity];
        addresses = new long[capacity];
        lengths = new int[capacity];
        keys = new int[capacity];
    }

    void post(long address, int length, int key) throws IOException {
        call(address, length, key).execute();
    }

    private Jverbs.Receive call(long address, int length, int key) throws IOException {
        for (int tried = 0; tried < count; tried++) {
            int i = next;
            next = i + 1 == count ? 0 : i + 1;
            if (addresses[i] == address && lengths[i] == length && keys[i] == key) {
                return calls[i];
            }
        }
        int i = count < calls.length ? count : next;
        Jverbs.Receive made = pair.receiver(workId, address, length, key);
        if (i == count) {
            count++;
        } else {
            calls[i].free();
        }
        calls[i] = made;
        addresses[i] = address;
        lengths[i] = length;
        keys[i] = key;
        next = i + 1 == count ? 0 : i + 1;
        return made;
    }

    void free() {
        for (int i = 0; i < count; i++) {
            calls[i].free();
        }
        count = 0;
    }
}
