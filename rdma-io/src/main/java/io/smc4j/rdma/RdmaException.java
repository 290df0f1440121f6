package io.smc4j.rdma;

/** A verbs or memory operation that failed on the control path: says what was asked of what, why it failed, what to do. */
public class RdmaException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What a caller can do about it. */
    public enum Category {
        /** The same call may succeed later: retry or shed load. */
        OUT_OF_RESOURCES,
        /** The peer, path or port is gone: fail over or reconnect. */
        UNREACHABLE,
        /** This machine cannot do it as configured: fix the set-up. */
        UNSUPPORTED,
        /** A call that the verbs forbid in this state: a bug in the caller. */
        MISUSE
    }

    private final Category category;

    public RdmaException(Category category, String message) {
        super(message);
        this.category = category;
    }

    public RdmaException(Category category, String message, Throwable cause) {
        super(message, cause);
        this.category = category;
    }

    public Category category() {
        return category;
    }
}
