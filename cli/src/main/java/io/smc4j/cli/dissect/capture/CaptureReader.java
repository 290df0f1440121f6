package io.smc4j.cli.dissect.capture;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The frames of a capture, one after the other, in bounded memory. Not thread-safe. */
public abstract sealed class CaptureReader permits PcapReader, PcapNgReader {
    /** No capture program writes larger frames or blocks; whatever claims to be larger is damage. */
    static final int LARGEST = 16 * 1024 * 1024;

    final ByteSource source;
    private @Nullable String damage;

    CaptureReader(ByteSource source) {
        this.source = source;
    }

    /**
     * Opens a capture of either format, told by its first bytes.
     *
     * @param in the capture, from its beginning; the caller closes it
     * @param name what to call it in errors
     * @throws NotACaptureException if it is something else
     * @throws IOException if it cannot be read
     */
    public static CaptureReader open(InputStream in, String name) throws IOException {
        ByteSource source = new ByteSource(in);
        if (!source.has(4)) {
            throw new NotACaptureException(name
                    + (source.position() == 0 && source.available() == 0
                            ? " is empty"
                            : " is too short for a capture"));
        }
        int magic = source.bytes(0, 4).getInt(0);
        if (magic == PcapNgReader.SECTION_HEADER) {
            return new PcapNgReader(source);
        }
        Optional<PcapReader> classic = PcapReader.of(magic, source);
        return classic.orElseThrow(() -> new NotACaptureException(String.format(
                "%s is neither pcap nor pcapng: it begins with %08x. Give a capture (tcpdump -w FILE), or bytes with --hex",
                name, magic)));
    }

    /**
     * The next frame, or null behind the last; see {@link #damage()} then.
     *
     * @throws IOException if the input cannot be read
     */
    public abstract @Nullable Frame next() throws IOException;

    /** How many bytes have been read. */
    public final long position() {
        return source.position();
    }

    /** Why reading stopped before the end of the capture, if it did. */
    public final Optional<String> damage() {
        return Optional.ofNullable(damage);
    }

    /** Ends the capture here. @return null, as {@link #next()} does */
    final @Nullable Frame stop(String why) {
        damage = why + " (at byte " + source.position() + ")";
        return null;
    }

    static long u32(ByteBuffer bytes, int offset) {
        return Integer.toUnsignedLong(bytes.getInt(offset));
    }

    static ByteOrder order(boolean swapped) {
        return swapped ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    }
}
