package io.smc4j.cli.dissect.packet;

import io.smc4j.protocol.Gid;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A packet of an RDMA reliable connection, over UDP (RoCE v2) or straight on Ethernet (RoCE v1).
 *
 * @param source sender's port
 * @param destination receiver's port
 * @param opcode the operation
 * @param solicited whether the receiver is to be woken
 * @param queuePair the receiver's queue pair, 24 bits
 * @param psn packet sequence number, 24 bits
 * @param reth where to write or read, in packets that say so
 * @param aeth what is acknowledged, in packets that say so
 * @param payload what was captured of the payload, without padding and checksum; valid until the next frame
 * @param missing how many bytes of the payload were not captured
 * @param icrc what the invariant checksum says
 */
public record RocePacket(
        Gid source,
        Gid destination,
        Opcode opcode,
        boolean solicited,
        int queuePair,
        int psn,
        @Nullable Reth reth,
        @Nullable Aeth aeth,
        ByteBuffer payload,
        int missing,
        Icrc icrc)
        implements Packet {

    /**
     * The target of an RDMA operation.
     *
     * @param address remote address
     * @param rkey key of the remote memory
     * @param length bytes of the whole operation
     */
    public record Reth(long address, int rkey, long length) {}

    /**
     * An acknowledgement.
     *
     * @param syndrome which kind, and credits, timer or error code
     * @param msn number of the last message completed
     */
    public record Aeth(int syndrome, int msn) {
        /** Acknowledgement, or why not, in words. */
        public String meaning() {
            int code = syndrome & 0x1F;
            return switch (syndrome >>> 5 & 3) {
                case 0 -> "ack";
                case 1 -> "receiver not ready, timer " + code;
                case 3 ->
                    switch (code) {
                        case 0 -> "nak: PSN sequence error";
                        case 1 -> "nak: invalid request";
                        case 2 -> "nak: remote access error";
                        case 3 -> "nak: remote operational error";
                        case 4 -> "nak: invalid RD request";
                        default -> "nak: code " + code;
                    };
                default -> "reserved syndrome";
            };
        }

        /** Whether this is no plain acknowledgement. */
        public boolean negative() {
            return (syndrome >>> 5 & 3) != 0;
        }
    }

    /** What the invariant checksum says about the packet. */
    public enum Icrc {
        /** Cut off, or over RoCE v1, which is not checked. */
        UNKNOWN,
        GOOD,
        WRONG
    }
}
