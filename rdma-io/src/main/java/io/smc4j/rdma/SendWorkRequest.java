package io.smc4j.rdma;

/**
 * A send-side work request: filled, posted and filled again, so that posting allocates nothing. The device copies what it
 * needs before {@code postSend} returns. Not thread-safe: one per posting thread.
 */
public final class SendWorkRequest {
    /** Flag: produce a completion on success too (errors always produce one). */
    public static final int SIGNALED = 1;
    /** Flag: the receiver's completion queue is woken if it is armed for solicited events. */
    public static final int SOLICITED = 2;
    /** Flag: the payload is copied while posting; its memory need not be registered. */
    public static final int INLINE = 4;

    /** Two-sided send: consumes a receive at the peer. */
    public static final int OP_SEND = 0;
    /** One-sided write into the peer's registered memory. */
    public static final int OP_RDMA_WRITE = 1;

    /** Most local segments a request can gather. */
    public static final int MAX_SEGMENTS = 2;

    long workRequestId;
    int opcode;
    int flags;
    int segments;
    final long[] address = new long[MAX_SEGMENTS];
    final int[] length = new int[MAX_SEGMENTS];
    final int[] localKey = new int[MAX_SEGMENTS];
    long remoteAddress;
    int remoteKey;

    /** Starts a SEND without segments. */
    public SendWorkRequest send(long workRequestId, int flags) {
        return start(workRequestId, OP_SEND, flags);
    }

    /** Starts an RDMA WRITE without segments to {@code remoteAddress} under {@code remoteKey}. */
    public SendWorkRequest write(long workRequestId, long remoteAddress, int remoteKey, int flags) {
        start(workRequestId, OP_RDMA_WRITE, flags);
        this.remoteAddress = remoteAddress;
        this.remoteKey = remoteKey;
        return this;
    }

    private SendWorkRequest start(long id, int op, int requestFlags) {
        workRequestId = id;
        opcode = op;
        flags = requestFlags;
        segments = 0;
        remoteAddress = 0;
        remoteKey = 0;
        return this;
    }

    /** Adds a local segment. @throws IndexOutOfBoundsException beyond {@link #MAX_SEGMENTS} */
    public SendWorkRequest gather(long segmentAddress, int segmentLength, int key) {
        address[segments] = segmentAddress;
        length[segments] = segmentLength;
        localKey[segments] = key;
        segments++;
        return this;
    }

    public long workRequestId() {
        return workRequestId;
    }

    public int opcode() {
        return opcode;
    }

    public int flags() {
        return flags;
    }

    public int segments() {
        return segments;
    }

    public long address(int segment) {
        return address[segment];
    }

    public int length(int segment) {
        return length[segment];
    }

    public int localKey(int segment) {
        return localKey[segment];
    }

    public long remoteAddress() {
        return remoteAddress;
    }

    public int remoteKey() {
        return remoteKey;
    }

    /** Payload bytes over all segments. */
    public int totalLength() {
        int total = 0;
        for (int i = 0; i < segments; i++) {
            total += length[i];
        }
        return total;
    }
}
