package io.smc4j.rdma.ibverbs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.smc4j.rdma.PortGid;
import io.smc4j.rdma.PortInfo;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaGid;
import io.smc4j.rdma.RtrAttributes;
import io.smc4j.rdma.RtsAttributes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/**
 * What {@code ibv_modify_qp} is told, by state: the attributes that Linux's SMC sets, as it sets them.
 *
 * @param what for messages
 * @param mask {@code enum ibv_qp_attr_mask}
 * @param writer writes the fields of {@code struct ibv_qp_attr}
 */
record QueuePairAttributes(String what, int mask, Consumer<MemorySegment> writer) {
    private static final ValueLayout.OfLong BIG_ENDIAN =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /** RESET → INIT: peers may write to what is registered for that; partition key 0. */
    static QueuePairAttributes init(int port) {
        return new QueuePairAttributes(
                "INIT on port " + port,
                Abi.MASK_STATE | Abi.MASK_PKEY_INDEX | Abi.MASK_PORT | Abi.MASK_ACCESS,
                attr -> {
                    attr.set(JAVA_INT, Abi.ATTR_STATE, Abi.STATE_INIT);
                    attr.set(JAVA_SHORT, Abi.ATTR_PKEY_INDEX, (short) 0);
                    attr.set(JAVA_BYTE, Abi.ATTR_PORT, (byte) port);
                    attr.set(JAVA_INT, Abi.ATTR_ACCESS, Abi.ACCESS_LOCAL_WRITE | Abi.ACCESS_REMOTE_WRITE);
                });
    }

    /** INIT → RTR, from the port's GID of the RoCE version wanted. The kernel finds the peer's MAC by its GID. */
    static QueuePairAttributes rtr(PortInfo port, RtrAttributes rtr) throws RdmaException {
        int index = gidIndex(port, rtr.roce());
        return new QueuePairAttributes(
                "RTR towards queue pair 0x%06x at %s, GID index %d"
                        .formatted(rtr.remoteQueuePair(), rtr.remoteGid(), index),
                Abi.MASK_STATE
                        | Abi.MASK_AV
                        | Abi.MASK_PATH_MTU
                        | Abi.MASK_DEST_QP
                        | Abi.MASK_RQ_PSN
                        | Abi.MASK_MAX_DEST_RD_ATOMIC
                        | Abi.MASK_MIN_RNR_TIMER,
                attr -> {
                    attr.set(JAVA_INT, Abi.ATTR_STATE, Abi.STATE_RTR);
                    attr.set(JAVA_INT, Abi.ATTR_PATH_MTU, Abi.mtuCode(Math.min(rtr.mtuBytes(), port.mtuBytes())));
                    attr.set(JAVA_INT, Abi.ATTR_DEST_QP, rtr.remoteQueuePair());
                    attr.set(JAVA_INT, Abi.ATTR_RQ_PSN, rtr.receivePsn());
                    attr.set(JAVA_BYTE, Abi.ATTR_MAX_DEST_RD_ATOMIC, (byte) 1);
                    attr.set(JAVA_BYTE, Abi.ATTR_MIN_RNR_TIMER, (byte) rtr.minRnrTimer());
                    RdmaGid gid = rtr.remoteGid();
                    attr.set(BIG_ENDIAN, Abi.ATTR_DGID, gid.high());
                    attr.set(BIG_ENDIAN, Abi.ATTR_DGID + 8, gid.low());
                    attr.set(JAVA_BYTE, Abi.ATTR_SGID_INDEX, (byte) index);
                    attr.set(JAVA_BYTE, Abi.ATTR_HOP_LIMIT, (byte) rtr.hopLimit());
                    attr.set(JAVA_BYTE, Abi.ATTR_IS_GLOBAL, (byte) 1);
                    attr.set(JAVA_BYTE, Abi.ATTR_AH_PORT, (byte) port.number());
                });
    }

    /** The same address may be in the table for both versions of RoCE: the entry decides how packets look. */
    private static int gidIndex(PortInfo port, PortGid.Type roce) throws RdmaException {
        return port.entry(roce)
                .map(PortGid::index)
                .orElseThrow(() -> new RdmaException(
                        RdmaException.Category.UNREACHABLE,
                        "port " + port.number() + " has no GID of "
                                + (roce == PortGid.Type.ROCE_V1 ? "RoCE v1" : "RoCE v2")
                                + " (any more): its network device lost its address"));
    }

    /** RTR → RTS. */
    static QueuePairAttributes rts(RtsAttributes rts) {
        return new QueuePairAttributes(
                "RTS",
                Abi.MASK_STATE
                        | Abi.MASK_TIMEOUT
                        | Abi.MASK_RETRY_CNT
                        | Abi.MASK_RNR_RETRY
                        | Abi.MASK_SQ_PSN
                        | Abi.MASK_MAX_RD_ATOMIC,
                attr -> {
                    attr.set(JAVA_INT, Abi.ATTR_STATE, Abi.STATE_RTS);
                    attr.set(JAVA_INT, Abi.ATTR_SQ_PSN, rts.sendPsn());
                    attr.set(JAVA_BYTE, Abi.ATTR_TIMEOUT, (byte) rts.timeoutCode());
                    attr.set(JAVA_BYTE, Abi.ATTR_RETRY_CNT, (byte) rts.retryCount());
                    attr.set(JAVA_BYTE, Abi.ATTR_RNR_RETRY, (byte) rts.rnrRetry());
                    attr.set(JAVA_BYTE, Abi.ATTR_MAX_RD_ATOMIC, (byte) 1);
                });
    }

    /** Any state → ERROR. */
    static QueuePairAttributes error() {
        return new QueuePairAttributes(
                "ERROR", Abi.MASK_STATE, attr -> attr.set(JAVA_INT, Abi.ATTR_STATE, Abi.STATE_ERROR));
    }

    /** A {@code struct ibv_qp_attr}. */
    MemorySegment encode(Arena arena) {
        MemorySegment attributes = arena.allocate(Abi.ATTR_BYTES, 8);
        writer.accept(attributes);
        return attributes;
    }

    @Override
    public String toString() {
        return what;
    }
}
