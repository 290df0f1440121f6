package io.smc4j.protocol;

/**
 * Bytes from a peer that break the protocol: says which message, where in it, what was found and which rule forbids it.
 *
 * <p>The only exception that decoding may throw for any input. Whoever catches it refuses the message (or the connection that
 * it came from) and nothing else.
 */
public final class ProtocolViolation extends Exception {
    private static final long serialVersionUID = 1L;

    private final String protocolMessage;
    private final int offset;
    private final String found;
    private final String rule;

    /**
     * @param protocolMessage the message being decoded, in the field's words ("CLC ACCEPT")
     * @param offset byte offset of the offending field from the start of the message
     * @param found the offending value, readable
     * @param rule what the protocol demands there
     */
    public ProtocolViolation(String protocolMessage, int offset, String found, String rule) {
        super(protocolMessage + " at byte " + offset + ": found " + found + ", but " + rule);
        this.protocolMessage = protocolMessage;
        this.offset = offset;
        this.found = found;
        this.rule = rule;
    }

    public String protocolMessage() {
        return protocolMessage;
    }

    public int offset() {
        return offset;
    }

    public String found() {
        return found;
    }

    public String rule() {
        return rule;
    }
}
