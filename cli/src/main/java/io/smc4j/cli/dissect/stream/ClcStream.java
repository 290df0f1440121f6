package io.smc4j.cli.dissect.stream;

import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.clc.ClcCodec;
import io.smc4j.protocol.clc.ClcHeader;
import io.smc4j.protocol.clc.ClcType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * One direction of a TCP connection, put in order and cut into CLC messages. Repeated bytes are dropped, early ones kept until the
 * gap closes; with the first byte that no CLC message begins with, following ends for good.
 */
final class ClcStream {
    /** What may be kept ahead of a gap. */
    private static final int MOST_AHEAD = 64 * 1024;

    /** Hears of whole messages and of bytes that are missing. */
    interface Listener {
        void message(byte[] bytes);

        void lost(String reason);
    }

    private final int first;
    private int next;
    private byte[] pending = new byte[0];
    private final Map<Integer, byte[]> ahead = new TreeMap<>((a, b) -> Integer.signum(a - b));
    private int bytesAhead;
    private boolean over;

    ClcStream(int sequence) {
        this.first = sequence;
        this.next = sequence;
    }

    boolean beganWith(int sequence) {
        return first == sequence;
    }

    /** Whether a CLC message opens with these bytes. */
    static boolean opensHere(ByteBuffer payload) {
        if (payload.limit() < ClcCodec.HEADER_LENGTH) {
            return false;
        }
        try {
            ClcCodec.peekHeader(payload);
            return true;
        } catch (ProtocolViolation e) {
            return false;
        }
    }

    void accept(int sequence, ByteBuffer payload, int missing, Listener listener) {
        if (over) {
            return;
        }
        int gap = sequence - next;
        if (gap > 0) {
            keep(sequence, payload, missing, listener);
            return;
        }
        if (payload.limit() + gap > 0) {
            append(bytesOf(payload, -gap), listener);
        }
        if (missing > 0 && !over && gap + payload.limit() >= 0) {
            stop("the capture kept only part of a segment with CLC in it", listener);
        }
        while (!over && !ahead.isEmpty()) {
            Map.Entry<Integer, byte[]> entry = ((TreeMap<Integer, byte[]>) ahead).firstEntry();
            int late = entry.getKey() - next;
            if (late > 0) {
                return;
            }
            ahead.remove(entry.getKey());
            bytesAhead -= entry.getValue().length;
            if (entry.getValue().length + late > 0) {
                append(Arrays.copyOfRange(entry.getValue(), -late, entry.getValue().length), listener);
            }
        }
    }

    private void keep(int sequence, ByteBuffer payload, int missing, Listener listener) {
        bytesAhead += payload.limit();
        if (missing > 0 || bytesAhead > MOST_AHEAD) {
            stop("bytes of a CLC message are not in the capture", listener);
            return;
        }
        byte[] replaced = ahead.put(sequence, bytesOf(payload, 0));
        if (replaced != null) {
            bytesAhead -= replaced.length;
        }
    }

    private void append(byte[] bytes, Listener listener) {
        next += bytes.length;
        int held = pending.length;
        pending = Arrays.copyOf(pending, held + bytes.length);
        System.arraycopy(bytes, 0, pending, held, bytes.length);
        while (!over && pending.length > 0) {
            if (!ClcCodec.couldBeClc(pending, pending.length)) {
                end();
                return;
            }
            if (pending.length < ClcCodec.HEADER_LENGTH) {
                return;
            }
            ClcHeader header;
            try {
                header = ClcCodec.peekHeader(ByteBuffer.wrap(pending));
            } catch (ProtocolViolation e) {
                // It opens like one, so tell of it; but where it ends nobody knows.
                listener.message(Arrays.copyOf(pending, ClcCodec.HEADER_LENGTH));
                end();
                return;
            }
            int length = header.length();
            if (pending.length < length) {
                return;
            }
            listener.message(Arrays.copyOf(pending, length));
            if (header.type() == ClcType.DECLINE) {
                end(); // the application's bytes follow, whatever they look like
                return;
            }
            pending = Arrays.copyOfRange(pending, length, pending.length);
        }
    }

    private void stop(String reason, Listener listener) {
        if (pending.length > 0 || next == first) {
            listener.lost(reason);
        }
        end();
    }

    private void end() {
        over = true;
        pending = new byte[0];
        ahead.clear();
    }

    private static byte[] bytesOf(ByteBuffer payload, int from) {
        byte[] bytes = new byte[payload.limit() - from];
        payload.get(from, bytes);
        return bytes;
    }
}
