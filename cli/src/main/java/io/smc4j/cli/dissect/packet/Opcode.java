package io.smc4j.cli.dissect.packet;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The operation of an InfiniBand packet: the low five bits of its opcode, for reliable connections (RC) at least. */
public enum Opcode {
    SEND_FIRST(0),
    SEND_MIDDLE(0),
    SEND_LAST(0),
    SEND_LAST_IMMEDIATE(4),
    SEND_ONLY(0),
    SEND_ONLY_IMMEDIATE(4),
    WRITE_FIRST(16),
    WRITE_MIDDLE(0),
    WRITE_LAST(0),
    WRITE_LAST_IMMEDIATE(4),
    WRITE_ONLY(16),
    WRITE_ONLY_IMMEDIATE(20),
    READ_REQUEST(16),
    READ_RESP_FIRST(4),
    READ_RESP_MIDDLE(0),
    READ_RESP_LAST(4),
    READ_RESP_ONLY(4),
    ACK(4),
    ATOMIC_ACK(12),
    COMPARE_SWAP(28),
    FETCH_ADD(28),
    RESERVED_15(0),
    SEND_LAST_INVALIDATE(4),
    SEND_ONLY_INVALIDATE(4);

    private static final Opcode[] ALL = values();
    private static final Set<Opcode> RESPONSES =
            Collections.unmodifiableSet(EnumSet.range(READ_RESP_FIRST, ATOMIC_ACK));
    private static final Set<Opcode> WRITES =
            Collections.unmodifiableSet(EnumSet.range(WRITE_FIRST, WRITE_ONLY_IMMEDIATE));
    private static final Set<Opcode> SENDS = Collections.unmodifiableSet(sends());

    private static Set<Opcode> sends() {
        Set<Opcode> sends = EnumSet.range(SEND_FIRST, SEND_ONLY_IMMEDIATE);
        sends.add(SEND_LAST_INVALIDATE);
        sends.add(SEND_ONLY_INVALIDATE);
        return sends;
    }

    private final int extensionLength;

    Opcode(int extensionLength) {
        this.extensionLength = extensionLength;
    }

    /** The operation of an opcode byte of a reliable connection; {@link #RESERVED_15} for one that does not exist. */
    static Opcode of(int opcode) {
        return opcode < ALL.length ? ALL[opcode] : RESERVED_15;
    }

    /** Bytes of the headers between base header and payload. */
    int extensionLength() {
        return extensionLength;
    }

    /** Whether the packet begins with remote address, key and length. */
    boolean hasReth() {
        return this == WRITE_FIRST || this == WRITE_ONLY || this == WRITE_ONLY_IMMEDIATE || this == READ_REQUEST;
    }

    /** Whether the packet begins with an acknowledgement. */
    boolean hasAeth() {
        return this == ACK
                || this == ATOMIC_ACK
                || this == READ_RESP_FIRST
                || this == READ_RESP_LAST
                || this == READ_RESP_ONLY;
    }

    /** Whether this is part of an answer, whose sequence number is that of the request. */
    public boolean isResponse() {
        return RESPONSES.contains(this);
    }

    /** Whether this begins a message. */
    public boolean begins() {
        return switch (this) {
            case SEND_FIRST, SEND_ONLY, SEND_ONLY_IMMEDIATE, SEND_ONLY_INVALIDATE -> true;
            case WRITE_FIRST, WRITE_ONLY, WRITE_ONLY_IMMEDIATE -> true;
            default -> false;
        };
    }

    /** Whether this ends a message. */
    public boolean ends() {
        return switch (this) {
            case SEND_ONLY, SEND_ONLY_IMMEDIATE, SEND_ONLY_INVALIDATE -> true;
            case SEND_LAST, SEND_LAST_IMMEDIATE, SEND_LAST_INVALIDATE -> true;
            case WRITE_ONLY, WRITE_ONLY_IMMEDIATE, WRITE_LAST, WRITE_LAST_IMMEDIATE -> true;
            default -> false;
        };
    }

    /** Whether this carries a message for a receive buffer: LLC and CDC come so. */
    public boolean isSend() {
        return SENDS.contains(this);
    }

    /** Whether this writes into memory of the receiver. */
    public boolean isWrite() {
        return WRITES.contains(this);
    }
}
