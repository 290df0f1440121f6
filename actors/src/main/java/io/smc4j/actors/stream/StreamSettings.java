package io.smc4j.actors.stream;

/**
 * How streams use their connections.
 *
 * @param chunk most bytes in an element that comes out
 * @param patienceNanos how long a stage looks again for bytes or space before it asks to be called back; it keeps its
 *     dispatcher's thread so long
 */
public record StreamSettings(int chunk, long patienceNanos) {
    /** Most bytes in an element that comes out of a connection, unless told otherwise. */
    public static final int DEFAULT_CHUNK = 64 * 1024;

    public StreamSettings {
        if (chunk < 1 || patienceNanos < 0) {
            throw new IllegalArgumentException("an element holds at least 1 byte, not " + chunk
                    + ", and nobody waits for less than no time: " + patienceNanos + " ns");
        }
    }
}
