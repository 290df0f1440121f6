package io.smc4j.protocol.llc;

import java.util.Optional;

/** The nine LLC messages and the versions that have them. Version 1 sends the code, version 2 adds 0x20. */
public enum LlcType {
    CONFIRM_LINK(1, true, true),
    ADD_LINK(2, true, true),
    ADD_LINK_CONTINUE(3, true, false),
    DELETE_LINK(4, true, true),
    REQUEST_ADD_LINK(5, false, true),
    CONFIRM_RKEY(6, true, true),
    TEST_LINK(7, true, true),
    CONFIRM_RKEY_CONTINUE(8, true, false),
    DELETE_RKEY(9, true, true);

    private final int code;
    private final boolean inVersion1;
    private final boolean inVersion2;

    LlcType(int code, boolean inVersion1, boolean inVersion2) {
        this.code = code;
        this.inVersion1 = inVersion1;
        this.inVersion2 = inVersion2;
    }

    /** The number in the low four bits of the type byte. */
    public int code() {
        return code;
    }

    /** Whether version 1 or 2 has this message. */
    public boolean existsIn(int version) {
        return version == 1 ? inVersion1 : version == 2 && inVersion2;
    }

    /** The message of a number, if there is one. */
    public static Optional<LlcType> ofCode(int code) {
        return code >= 1 && code <= 9 ? Optional.of(values()[code - 1]) : Optional.empty();
    }
}
