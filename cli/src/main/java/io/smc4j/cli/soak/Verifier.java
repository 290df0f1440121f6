package io.smc4j.cli.soak;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Takes what arrives on a connection and says what is wrong with it. Not thread-safe. */
final class Verifier {
    private final Pattern pattern;
    private final long total;
    private long read;
    private long lost;
    private long repeated;

    /** @param total bytes that come if the stream ends in order */
    Verifier(Pattern pattern, long total) {
        this.pattern = pattern;
        this.total = total;
    }

    /** @return what is wrong with the bytes, or null */
    @Nullable
    String take(ByteBuffer bytes) {
        long position = read;
        int wrong = pattern.mismatch(bytes, position);
        if (wrong >= 0) {
            read = position + wrong;
            return misplaced(bytes.slice(wrong, bytes.remaining() - wrong), position + wrong);
        }
        if (position + bytes.remaining() > total) {
            repeated += position + bytes.remaining() - total;
            return "more arrived than was sent: byte %d of %d".formatted(position + bytes.remaining(), total);
        }
        read = position + bytes.remaining();
        return null;
    }

    /** The stream ended in order. @return what is wrong with that, or null */
    @Nullable
    String end() {
        long missing = total - read;
        lost += missing;
        return missing == 0
                ? null
                : "the stream ended in order after %d of %d bytes: %d are lost".formatted(read, total, missing);
    }

    private String misplaced(ByteBuffer bytes, long position) {
        int displacement = pattern.displacement(bytes, position);
        String where = "of %d bytes that arrived at once, those from position %d on are wrong: "
                .formatted(bytes.remaining(), position);
        if (displacement > 0) {
            lost += displacement;
            return where + displacement + " bytes are missing before them";
        }
        repeated += displacement == 0 ? bytes.remaining() : -displacement;
        lost += displacement == 0 ? bytes.remaining() : 0;
        return where
                + (displacement == 0
                        ? "they do not belong to this stream (first byte " + bytes.get(0) + ")"
                        : "they belong " + -displacement + " bytes before");
    }

    /** Bytes that arrived and were right. */
    long read() {
        return read;
    }

    long lost() {
        return lost;
    }

    long repeated() {
        return repeated;
    }
}
