package io.smc4j.actors.tcp;

import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.clc.ClcCodec;
import io.smc4j.protocol.clc.ClcMessage;
import io.smc4j.protocol.clc.ClcType;
import io.smc4j.protocol.clc.Eyecatcher;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.pekko.util.ByteString;

/**
 * Puts one CLC message together from pieces: says how many bytes may be read next so that none beyond the message is. First the
 * 8 bytes of the header, then what they announce. Not thread-safe.
 */
final class ClcMessageReader {
    private final byte[] bytes = new byte
            [Arrays.stream(ClcType.values()).mapToInt(ClcType::maxLength).max().orElseThrow()];
    private int filled;
    private int length = ClcCodec.HEADER_LENGTH;

    byte[] bytes() {
        return bytes;
    }

    int filled() {
        return filled;
    }

    /** Most bytes to read now, behind those there are; 0 when the message is whole. */
    int missing() {
        return length - filled;
    }

    /** Most bytes to read now while it is open whether the stream is CLC at all; 0 when it is. */
    int missingOfEyecatcher() {
        return Math.max(0, Eyecatcher.BYTES - filled);
    }

    boolean couldBeClc() {
        return ClcCodec.couldBeClc(bytes, filled);
    }

    /** Takes note of bytes that were put behind those there are. @throws ProtocolViolation if they complete a wrong header */
    void advance(int count) throws ProtocolViolation {
        boolean headerKnown = filled >= ClcCodec.HEADER_LENGTH;
        filled += count;
        if (!headerKnown && filled >= ClcCodec.HEADER_LENGTH) {
            length = ClcCodec.peekHeader(ByteBuffer.wrap(bytes, 0, filled)).length();
        }
    }

    /** The message, which is whole; the next one starts anew. */
    ClcMessage take() throws ProtocolViolation {
        ByteBuffer whole = ByteBuffer.wrap(bytes, 0, length);
        reset();
        return ClcCodec.decode(whole);
    }

    /** The bytes of an unfinished message, which it then forgets. */
    ByteString takeRest() {
        ByteString rest = ByteString.fromArray(bytes, 0, filled);
        reset();
        return rest;
    }

    private void reset() {
        filled = 0;
        length = ClcCodec.HEADER_LENGTH;
    }
}
