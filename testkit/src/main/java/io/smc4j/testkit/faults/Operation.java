package io.smc4j.testkit.faults;

import io.smc4j.protocol.cdc.CdcCodec;
import io.smc4j.protocol.llc.LlcType;
import io.smc4j.rdma.CompletionStatus;

/**
 * What a device is about to do, for predicates of faults.
 *
 * @param point where
 * @param device name of the device
 * @param queuePair number of the queue pair; 0 if there is none
 * @param ordinal which queue pair of its device it is, in the order of creation, from 1; 0 if there is none
 * @param port of the queue pair; 0 if it has none yet
 * @param write whether it is an RDMA write
 * @param messageType first byte of a message that is sent or was received, 0..255; -1 if there is none or it is not known
 * @param response whether it is an LLC response
 * @param bytes payload, size of the receive buffer, or size of the memory
 * @param status of a completion; SUCCESS for everything else
 * @param id of the work request; 0 if there is none
 */
public record Operation(
        Point point,
        String device,
        int queuePair,
        int ordinal,
        int port,
        boolean write,
        int messageType,
        boolean response,
        long bytes,
        CompletionStatus status,
        long id) {
    /** Where the low bits of an LLC type are: version 2 sets higher ones. */
    private static final int LLC_TYPE = 0x0F;

    private static final int LLC_FLAGS = 3;
    private static final int LLC_RESPONSE = 0x80;

    static Operation control(Point point, String device, long bytes) {
        return new Operation(point, device, 0, 0, 0, false, -1, false, bytes, CompletionStatus.SUCCESS, 0);
    }

    /** Whether a message that begins so, if it is LLC, is a response. */
    static boolean isResponse(byte[] start) {
        return start.length > LLC_FLAGS && (start[0] & 0xFF) != CdcCodec.TYPE && (start[LLC_FLAGS] & LLC_RESPONSE) != 0;
    }

    /** Whether a CDC message is sent or was received. */
    public boolean isCdc() {
        return messageType == CdcCodec.TYPE;
    }

    /** Whether an LLC message is sent or was received. */
    public boolean isLlc() {
        return messageType >= 0 && !isCdc();
    }

    /** Whether it is an LLC message of a type, in whatever version. */
    public boolean isLlc(LlcType type) {
        return isLlc() && (messageType & LLC_TYPE) == type.code();
    }

    /** Whether it is the completion of something flushed from a queue pair in ERROR. */
    public boolean isFlush() {
        return status == CompletionStatus.WR_FLUSH_ERR;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(point.toString());
        if (write) {
            text.append(" write");
        } else if (isCdc()) {
            text.append(" CDC");
        } else if (isLlc()) {
            text.append(' ')
                    .append(LlcType.ofCode(messageType & LLC_TYPE)
                            .map(Enum::name)
                            .orElse("message"))
                    .append(response ? " response" : "");
        }
        text.append(", ").append(bytes).append(" bytes");
        if (status != CompletionStatus.SUCCESS) {
            text.append(", ").append(status);
        }
        return text.toString();
    }
}
