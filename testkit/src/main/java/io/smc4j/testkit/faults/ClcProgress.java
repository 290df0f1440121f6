package io.smc4j.testkit.faults;

import java.nio.ByteBuffer;

/** Where one way of a TCP connection is among its CLC messages. Bytes behind them count as one endless message. One thread. */
final class ClcProgress {
    /** Eyecatcher (4), type (1), length (2); the length counts from the eyecatcher. */
    private static final int HEADER = 7;

    private static final int OFFSET_LENGTH = 5;

    private int message = 1;
    private long at;
    private int length;

    /** How many of the bytes may pass before the limit. */
    int allowed(ByteBuffer bytes, long total, TcpFaults.Limit limit) {
        if (limit.message() == 0) {
            return (int) Math.max(0, Math.min(bytes.remaining(), limit.bytes() - total));
        }
        ClcProgress ahead = copy();
        int count = 0;
        while (count < bytes.remaining() && !ahead.isInTheMiddleOf(limit.message())) {
            ahead.next(bytes.get(bytes.position() + count));
            count++;
        }
        return count;
    }

    /** The bytes have passed. */
    void take(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            next(bytes.get());
        }
    }

    private boolean isInTheMiddleOf(int nth) {
        return message > nth || message == nth && at >= HEADER && at >= length / 2;
    }

    private void next(byte value) {
        if (at == OFFSET_LENGTH) {
            length = (value & 0xFF) << 8;
        } else if (at == OFFSET_LENGTH + 1) {
            length |= value & 0xFF;
        }
        at++;
        if (at >= HEADER && at == length) {
            message++;
            at = 0;
            length = 0;
        }
    }

    private ClcProgress copy() {
        ClcProgress copy = new ClcProgress();
        copy.message = message;
        copy.at = at;
        copy.length = length;
        return copy;
    }
}
