package io.smc4j.protocol.clc;

import java.util.Optional;

/** The four CLC messages, with the lengths that any version of them may have. */
public enum ClcType {
    PROPOSAL(1, 52, 652),
    ACCEPT(2, 48, 4244),
    CONFIRM(3, 48, 4244),
    DECLINE(4, 28, 44);

    private final int code;
    private final int minLength;
    private final int maxLength;

    ClcType(int code, int minLength, int maxLength) {
        this.code = code;
        this.minLength = minLength;
        this.maxLength = maxLength;
    }

    /** The type byte of the header. */
    public int code() {
        return code;
    }

    /** The fewest bytes that any version of the message has, header and trailer included. */
    public int minLength() {
        return minLength;
    }

    /**
     * The most bytes to read for one message. For ACCEPT and CONFIRM that is a full list of 255 GIDs: a later release may append
     * to them, and Linux drains what it does not know.
     */
    public int maxLength() {
        return maxLength;
    }

    /** The message of a type byte, if there is one. */
    public static Optional<ClcType> ofCode(int code) {
        return switch (code) {
            case 1 -> Optional.of(PROPOSAL);
            case 2 -> Optional.of(ACCEPT);
            case 3 -> Optional.of(CONFIRM);
            case 4 -> Optional.of(DECLINE);
            default -> Optional.empty();
        };
    }
}
