package io.smc4j;

/**
 * Space of a connection, to be written in place: the bytes need no copy on this side.
 *
 * <pre>{@code
 * SmcClaim claim = channel.tryClaim(16);
 * if (claim.length() == 16) {
 *     claim.memory().set(ValueLayout.JAVA_LONG_UNALIGNED, claim.offset(), orderId);
 *     claim.memory().set(ValueLayout.JAVA_LONG_UNALIGNED, claim.offset() + 8, price);
 *     claim.commit(16);
 * } else {
 *     claim.abort(); // no space, or not in one piece: write(...) copies, and wraps
 * }
 * }</pre>
 *
 * <p>Contents are undefined until written. The peer sees nothing of it before {@link #commit}.
 */
public non-sealed interface SmcClaim extends SmcSpan {
    /** Bytes claimed; 0 if there was no space, or the claim was given back. */
    @Override
    long length();

    /**
     * Sends the first {@code bytes} of the span and gives the rest back.
     *
     * @param bytes 0 to {@link #length}; 0 is {@link #abort}
     * @throws SmcException category BUG if nothing is claimed, or that is more than was claimed (which stays claimed then), or the
     *     channel is closed; else as {@link SmcChannel#tryWrite}
     */
    void commit(long bytes) throws SmcException;

    /** Gives all of it back; nothing is sent. Does nothing if nothing is claimed. */
    void abort();
}
