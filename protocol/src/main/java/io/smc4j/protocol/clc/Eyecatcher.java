package io.smc4j.protocol.clc;

import java.util.Optional;

/** The four EBCDIC letters that open and close every CLC message. */
public enum Eyecatcher {
    SMCR(0xE2D4C3D9),
    SMCD(0xE2D4C3C4);

    /** Bytes on the wire. */
    public static final int BYTES = 4;

    private final int value;

    Eyecatcher(int value) {
        this.value = value;
    }

    /** The four bytes, big-endian. */
    public int value() {
        return value;
    }

    /** The eyecatcher of four bytes, if they are one. */
    public static Optional<Eyecatcher> of(int value) {
        if (value == SMCR.value) {
            return Optional.of(SMCR);
        }
        return value == SMCD.value ? Optional.of(SMCD) : Optional.empty();
    }
}
