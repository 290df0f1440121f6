package io.smc4j.cli.dissect.capture;

import java.nio.ByteBuffer;

/**
 * One captured frame.
 *
 * @param number its place in the capture, from 1
 * @param timeNanos nanoseconds since 1970; 0 where the capture has no times
 * @param linkType what it begins with, a number of the tcpdump registry ({@link LinkTypes})
 * @param originalLength its length on the network
 * @param bytes what was captured of it, big-endian; valid until the next frame is read
 */
public record Frame(long number, long timeNanos, int linkType, long originalLength, ByteBuffer bytes) {
    /** Whether the capture program kept only the beginning. */
    public boolean cutOff() {
        return bytes.limit() < originalLength;
    }
}
