package io.smc4j.cli.dissect.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * pcapng: sections, each with its byte order and its interfaces; frames in enhanced, simple and old packet blocks. Blocks of other
 * kinds are skipped.
 *
 * <pre>
 * block      0 type   4 length   8 body   length-4 length again
 * section    8 byte-order magic   12 version   16 section length (8)
 * interface  8 link type (2)   10 reserved (2)   12 snap length   16 options
 * enhanced   8 interface   12 time high   16 time low   20 captured   24 original   28 bytes
 * simple     8 original   12 bytes
 * old        8 interface (2)   10 drops (2)   12 time high   16 time low   20 captured   24 original   28 bytes
 * </pre>
 */
final class PcapNgReader extends CaptureReader {
    static final int SECTION_HEADER = 0x0A0D0D0A;

    private static final int BYTE_ORDER_MAGIC = 0x1A2B3C4D;
    private static final int INTERFACE = 1;
    private static final int OLD_PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int ENHANCED_PACKET = 6;
    private static final int SMALLEST_BLOCK = 12;
    private static final int OPTION_TIME_RESOLUTION = 9;
    private static final int OPTION_TIME_OFFSET = 14;
    private static final double NANOS = 1e9;

    /**
     * @param ticksPerSecond how time stamps count
     * @param offsetSeconds what to add to them
     */
    private record Interface(int linkType, long snapLength, double ticksPerSecond, long offsetSeconds) {
        long nanos(long ticks) {
            if (ticksPerSecond == 1e6) {
                return ticks * 1_000 + offsetSeconds * 1_000_000_000;
            }
            if (ticksPerSecond == 1e9) {
                return ticks + offsetSeconds * 1_000_000_000;
            }
            return (long) (ticks * (NANOS / ticksPerSecond)) + offsetSeconds * 1_000_000_000;
        }
    }

    private final List<Interface> interfaces = new ArrayList<>();
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    private long frames;

    PcapNgReader(ByteSource source) {
        super(source);
    }

    @Override
    public @Nullable Frame next() throws IOException {
        while (true) {
            if (!source.has(SMALLEST_BLOCK)) {
                return source.available() == 0 ? null : stop("the capture ends inside a block");
            }
            ByteBuffer head = source.bytes(0, SMALLEST_BLOCK);
            int type = head.order(order).getInt(0);
            if (type == SECTION_HEADER && !section(head)) {
                return stop("a section without byte order: the capture is damaged from here on");
            }
            long length = u32(head.order(order), 4);
            if (length < SMALLEST_BLOCK || length % 4 != 0 || length > LARGEST) {
                return stop("a block of " + length + " bytes: the capture is damaged from here on");
            }
            if (!source.has((int) length)) {
                return stop("the capture ends inside a block");
            }
            ByteBuffer block = source.bytes(0, (int) length).order(order);
            if (u32(block, (int) length - 4) != length) {
                return stop("a block whose two lengths differ: the capture is damaged from here on");
            }
            source.skip((int) length);
            if (type == SECTION_HEADER) {
                interfaces.clear();
            } else if (type == INTERFACE && length >= 20) {
                interfaces.add(describe(block));
            } else if (type == ENHANCED_PACKET || type == OLD_PACKET || type == SIMPLE_PACKET) {
                Frame frame = packet(type, block);
                if (frame != null) {
                    return frame;
                }
                return stop("frame " + (frames + 1) + " does not fit its block or names no interface: "
                        + "the capture is damaged from here on");
            }
        }
    }

    private boolean section(ByteBuffer head) {
        if (head.order(ByteOrder.BIG_ENDIAN).getInt(8) == BYTE_ORDER_MAGIC) {
            order = ByteOrder.BIG_ENDIAN;
        } else if (head.order(ByteOrder.LITTLE_ENDIAN).getInt(8) == BYTE_ORDER_MAGIC) {
            order = ByteOrder.LITTLE_ENDIAN;
        } else {
            return false;
        }
        return true;
    }

    private static Interface describe(ByteBuffer block) {
        double resolution = 1e6;
        long offset = 0;
        int at = 16;
        int end = block.limit() - 4;
        while (at + 4 <= end) {
            int code = block.getShort(at) & 0xFFFF;
            int length = block.getShort(at + 2) & 0xFFFF;
            if (code == 0 || at + 4 + length > end) {
                break;
            }
            if (code == OPTION_TIME_RESOLUTION && length == 1) {
                int power = block.get(at + 4) & 0x7F;
                resolution = Math.pow(block.get(at + 4) < 0 ? 2 : 10, power);
            } else if (code == OPTION_TIME_OFFSET && length == 8) {
                offset = block.getLong(at + 4);
            }
            at += 4 + (length + 3 & ~3);
        }
        return new Interface(block.getShort(8) & 0xFFFF, u32(block, 12), resolution, offset);
    }

    private @Nullable Frame packet(int type, ByteBuffer block) {
        int end = block.limit() - 4;
        if (type == SIMPLE_PACKET) {
            if (end < 12 || interfaces.isEmpty()) {
                return null;
            }
            Interface first = interfaces.getFirst();
            long original = u32(block, 8);
            long captured = first.snapLength() == 0 ? original : Math.min(original, first.snapLength());
            captured = Math.min(captured, end - 12);
            return frame(0, first.linkType(), original, block.slice(12, (int) captured));
        }
        if (end < 28) {
            return null;
        }
        long number = type == OLD_PACKET ? block.getShort(8) & 0xFFFF : u32(block, 8);
        long captured = u32(block, 20);
        if (number >= interfaces.size() || captured > end - 28) {
            return null;
        }
        Interface from = interfaces.get((int) number);
        long ticks = u32(block, 12) << 32 | u32(block, 16);
        return frame(from.nanos(ticks), from.linkType(), u32(block, 24), block.slice(28, (int) captured));
    }

    private Frame frame(long nanos, int linkType, long original, ByteBuffer bytes) {
        frames++;
        return new Frame(frames, nanos, linkType, original, bytes);
    }
}
