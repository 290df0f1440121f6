package io.smc4j;

/**
 * Bytes that arrived, to be read in place: they need no copy on this side. The memory is read-only. The peer can reuse the
 * space when the bytes are released, not before.
 */
public non-sealed interface SmcPeek extends SmcSpan {
    /** Bytes to read; 0 if there are none now, or they were released; -1 at the end of the stream. */
    @Override
    long length();

    /**
     * Counts the first {@code bytes} of the span as read; the rest will be read next.
     *
     * @param bytes 0 to {@link #length}
     * @throws SmcException category BUG if there is nothing to release, or that is more than was there (nothing is released then),
     *     or the channel is closed; else as {@link SmcChannel#tryRead}
     */
    void release(long bytes) throws SmcException;

    /** Receives bytes in place, in {@link SmcChannel#poll}. */
    @FunctionalInterface
    interface Handler {
        /**
         * Looks at bytes that arrived.
         *
         * @param bytes the span; not to be released here, and not to be used after this call
         * @return how many of them were used, from the first: 0 to {@link SmcPeek#length}
         */
        long onBytes(SmcPeek bytes) throws SmcException;
    }
}
