package io.smc4j.protocol.lifecycle.link;

/** The phases of a link, with the numbers that Linux shows. */
public enum LinkPhase {
    /** The slot is free. */
    UNUSED(0),
    /** Down, or being cleared: what still refers to it must let go. */
    INACTIVE(1),
    /** Its queue pair exists, CONFIRM LINK is not over. */
    ACTIVATING(2),
    /** In use. */
    ACTIVE(3);

    private final int value;

    LinkPhase(int value) {
        this.value = value;
    }

    /** Linux's number for this phase. */
    public int value() {
        return value;
    }

    /** Whether messages from the link count and buffers are to be mapped on it. */
    public boolean usable() {
        return switch (this) {
            case ACTIVATING, ACTIVE -> true;
            case UNUSED, INACTIVE -> false;
        };
    }

    /** Whether something may be posted on the link: it is usable and its queue pair is ready to send (RTS). */
    public boolean sendable(boolean queuePairReady) {
        return usable() && queuePairReady;
    }
}
