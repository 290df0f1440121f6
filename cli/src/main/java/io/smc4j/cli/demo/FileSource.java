package io.smc4j.cli.demo;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/** The file to move, mapped; reading it once for its checksum also brings it into memory before the clock runs. */
final class FileSource implements AutoCloseable {
    private static final int PIECE = 1 << 20;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment content;
    private final String sha256;

    FileSource(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            content = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
        MessageDigest digest = DemoPeer.sha256();
        for (long at = 0; at < content.byteSize(); at += PIECE) {
            digest.update(piece(at, content.byteSize()));
        }
        sha256 = HexFormat.of().formatHex(digest.digest());
    }

    long length() {
        return content.byteSize();
    }

    /** Of the whole file, in hex. */
    String sha256() {
        return sha256;
    }

    /**
     * Moves the first {@code length} bytes.
     *
     * @param progress called with the bytes given to the connection so far, after every piece
     * @return nanoseconds during which bytes moved: from each part's first byte until the server said it had the last
     */
    long move(ByteChannel channel, long length, LongConsumer progress) throws IOException {
        long nanos = 0;
        for (long begin = 0; begin < length; begin += Wire.LARGEST_PART) {
            long end = Math.min(length, begin + Wire.LARGEST_PART);
            long start = System.nanoTime();
            Wire.request(channel, Wire.PART, end - begin);
            for (long at = begin; at < end; at += PIECE) {
                ByteBuffer piece = piece(at, end);
                while (piece.hasRemaining()) {
                    channel.write(piece);
                }
                progress.accept(Math.min(at + PIECE, end));
            }
            Wire.await(channel, Wire.RECEIVED);
            nanos += System.nanoTime() - start;
            Wire.await(channel, Wire.HASHED);
        }
        return nanos;
    }

    @Override
    public void close() {
        arena.close();
    }

    private ByteBuffer piece(long at, long end) {
        return content.asSlice(at, Math.min(PIECE, end - at)).asByteBuffer();
    }
}
