package io.smc4j.cli.dissect.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Classic pcap, in either byte order, with micro- or nanoseconds.
 *
 * <pre>
 * file    0 magic   4 version   8 zone (8)   16 snap length   20 link type
 * frame   0 seconds   4 micro- or nanoseconds   8 captured length   12 original length   16 bytes
 * </pre>
 */
final class PcapReader extends CaptureReader {
    private static final int MICROSECONDS = 0xA1B2C3D4;
    private static final int NANOSECONDS = 0xA1B23C4D;
    private static final int FILE_HEADER = 24;
    private static final int LINK_TYPE = 20;
    private static final int FRAME_HEADER = 16;
    private static final long SECOND = 1_000_000_000;

    private final ByteOrder order;
    private final int unitNanos;
    private int linkType = -1;
    private long frames;

    private PcapReader(ByteSource source, ByteOrder order, int unitNanos) {
        super(source);
        this.order = order;
        this.unitNanos = unitNanos;
    }

    static Optional<PcapReader> of(int magic, ByteSource source) {
        boolean swapped = Integer.reverseBytes(magic) == MICROSECONDS || Integer.reverseBytes(magic) == NANOSECONDS;
        int value = swapped ? Integer.reverseBytes(magic) : magic;
        return switch (value) {
            case MICROSECONDS -> Optional.of(new PcapReader(source, order(swapped), 1_000));
            case NANOSECONDS -> Optional.of(new PcapReader(source, order(swapped), 1));
            default -> Optional.empty();
        };
    }

    @Override
    public @Nullable Frame next() throws IOException {
        if (linkType < 0) {
            if (!source.has(FILE_HEADER)) {
                return stop("the capture ends inside its header");
            }
            // The upper bits tell of a frame check sequence.
            linkType = source.bytes(0, FILE_HEADER).order(order).getInt(LINK_TYPE) & 0xFFFF;
            source.skip(FILE_HEADER);
        }
        if (!source.has(FRAME_HEADER)) {
            return source.available() == 0 ? null : stop("the capture ends inside the header of frame " + (frames + 1));
        }
        ByteBuffer header = source.bytes(0, FRAME_HEADER).order(order);
        long time = u32(header, 0) * SECOND + u32(header, 4) * unitNanos;
        long captured = u32(header, 8);
        long original = u32(header, 12);
        if (captured > LARGEST) {
            return stop(
                    "frame " + (frames + 1) + " claims " + captured + " bytes: the capture is damaged from here on");
        }
        if (!source.has(FRAME_HEADER + (int) captured)) {
            return stop("the capture ends inside frame " + (frames + 1));
        }
        ByteBuffer bytes = source.bytes(FRAME_HEADER, (int) captured);
        source.skip(FRAME_HEADER + (int) captured);
        frames++;
        return new Frame(frames, time, linkType, original, bytes);
    }
}
