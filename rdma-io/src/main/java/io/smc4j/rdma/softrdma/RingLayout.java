package io.smc4j.rdma.softrdma;

import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Layout of a ring file: one direction of a queue pair. The receiving queue pair creates it, the sending one maps it. Host byte
 * order; every group of fields that one side writes has cache lines of its own (128 bytes, against adjacent-line prefetch).
 *
 * <pre>
 *      0  magic i32 | version i32 | data bytes i64 | owner node i64 | owner QPN i32 | owner doorbell i32     receiver, once
 *    128  attached i32 | sender QPN i32 | sender GID high i64 | low i64 | sender PSN i32                     sender, once
 *    256  tail i64 (bytes ever written) | stopped i32                                                        sender
 *    384  head i64 (bytes ever read) | executed i64 (messages) | stalled i64 | nak i32 | ready i32 | RNR timer i32   receiver
 *   4096  data
 *
 * frame, 64-byte aligned, never across the end of the data:
 *      0  payload bytes i32 | opcode i8 | flags i8 | 0 i16 | sequence i32 | remote key i32
 *     16  remote address of this fragment i64 | message bytes i32 | offset of this fragment in the message i32
 *     32  payload
 * </pre>
 *
 * {@code stalled} is 1 + the number of the message that found no receive posted; {@code nak} a completion status code, final once
 * not 0; {@code sequence} the sender's first PSN plus the message number, 24 bits.
 */
final class RingLayout {
    static final int MAGIC = 0x53525131;
    static final int VERSION = 1;

    static final long O_MAGIC = 0;
    static final long O_VERSION = 4;
    static final long O_CAPACITY = 8;
    static final long O_OWNER_NODE = 16;
    static final long O_OWNER_QPN = 24;
    static final long O_OWNER_DOORBELL = 28;
    static final long O_ATTACHED = 128;
    static final long O_SENDER_QPN = 132;
    static final long O_SENDER_GID_HIGH = 136;
    static final long O_SENDER_GID_LOW = 144;
    static final long O_SENDER_PSN = 152;
    static final long O_TAIL = 256;
    static final long O_STOPPED = 264;
    static final long O_HEAD = 384;
    static final long O_EXECUTED = 392;
    static final long O_STALLED = 400;
    static final long O_NAK = 408;
    static final long O_READY = 412;
    static final long O_RNR_TIMER = 416;
    static final long DATA = 4096;

    /** {@code attached}: nobody, being filled in, or a sender that may write. */
    static final int FREE = 0;

    static final int CLAIMED = 1;
    static final int ATTACHED = 2;

    static final int FRAME_ALIGNMENT = 64;
    static final int FRAME_HEADER = 32;
    static final long F_PAYLOAD = 0;
    static final long F_OPCODE = 4;
    static final long F_FLAGS = 5;
    static final long F_RESERVED = 6;
    static final long F_SEQUENCE = 8;
    static final long F_REMOTE_KEY = 12;
    static final long F_REMOTE_ADDRESS = 16;
    static final long F_MESSAGE_BYTES = 24;
    static final long F_OFFSET = 28;

    static final int FIRST = 1;
    static final int LAST = 2;
    static final int SOLICITED = 4;

    static final int PSN_MASK = 0xffffff;

    /**
     * Data bytes of a ring, and largest payload of a frame. A ring should fit into a core's L2 cache beside source and target,
     * and a frame should be small enough that receiver and sender copy at the same time. Measured between two processes on two
     * cores with 1 MiB of L2 each, 64 KiB writes: 8.4 GB/s with frames of 16 KiB, 7.6 with 8 KiB.
     */
    static final long CAPACITY = 256 * 1024;

    static final int FRAGMENT = 16 * 1024;

    /** A sender with more than this to send waits for this much room, so that a full ring does not fray into tiny frames. */
    static final int WORTHWHILE = 4 * 1024;

    /** Largest message, as of common adapters: 1 GiB. */
    static final int MAX_MESSAGE = 1 << 30;

    static final ValueLayout.OfByte I8 = ValueLayout.JAVA_BYTE;
    static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.nativeOrder());
    static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT.withOrder(ByteOrder.nativeOrder());
    static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG.withOrder(ByteOrder.nativeOrder());

    /** (MemorySegment, long offset) → int, with the access modes that plain {@code get} does not have. */
    static final VarHandle INT = I32.varHandle();

    static final VarHandle LONG = I64.varHandle();

    private RingLayout() {}

    /** Bytes a frame takes in the ring. */
    static long frameBytes(int payload) {
        return (FRAME_HEADER + (long) payload + FRAME_ALIGNMENT - 1) & -FRAME_ALIGNMENT;
    }
}
