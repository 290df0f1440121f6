package io.smc4j;

import java.io.IOException;

/** A connection, listener or node that failed: says what happened, to what, and why; {@link #category} says what to do. */
public final class SmcException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What a caller can do about it. */
    public enum Category {
        /** The connection is gone; nothing is known of bytes in flight: reconnect. */
        RECONNECT,
        /** Temporary: a shortage, a timeout, or the waiting thread was interrupted (the connection lives on): retry later. */
        RETRY,
        /** Wrong configuration or arguments: fix them. */
        CONFIGURATION,
        /** The caller used it against its contract, or smc4j has a bug. */
        BUG
    }

    private final Category category;

    public SmcException(Category category, String message) {
        super(message);
        this.category = category;
    }

    public SmcException(Category category, String message, Throwable cause) {
        super(message, cause);
        this.category = category;
    }

    public Category category() {
        return category;
    }
}
