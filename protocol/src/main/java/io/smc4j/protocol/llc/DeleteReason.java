package io.smc4j.protocol.llc;

import java.util.Optional;
import java.util.stream.Stream;

/** Why a link, or all of them, is deleted; and, in responses, why it could not be. */
public enum DeleteReason {
    LOST_PATH(0x00010000, "the link failed, or could not be added"),
    OPERATOR(0x00020000, "the operator ended it"),
    PROGRAM(0x00030000, "the link group was idle or is being terminated"),
    PROTOCOL_VIOLATION(0x00040000, "the peer broke the protocol"),
    ASYMMETRIC(0x00050000, "an asymmetric link is no longer needed"),
    UNKNOWN_LINK(0x00100000, "response: there is no link of that number"),
    UNKNOWN_LINK_GROUP(0x00200000, "response: there is no such link group");

    private final int code;
    private final String meaning;

    DeleteReason(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** What it means, as a phrase. */
    public String meaning() {
        return meaning;
    }

    /** The reason of a number, if there is one. Positive responses carry 0, which is none. */
    public static Optional<DeleteReason> of(int code) {
        return Stream.of(values()).filter(reason -> reason.code == code).findFirst();
    }
}
