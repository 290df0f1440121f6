package io.smc4j.rdma.ibverbs;

/**
 * Sizes, offsets and constants of libibverbs' structs (version 1 of its ABI, rdma-core 33 and later) on 64-bit Linux, where all
 * architectures lay them out alike. Host byte order; only what smc4j reads or writes.
 */
final class Abi {
    // struct ibv_context: its operations are function pointers behind the device pointer
    static final long CONTEXT_DEVICE = 0;
    static final long CONTEXT_POLL_CQ = 96;
    static final long CONTEXT_REQ_NOTIFY_CQ = 104;
    static final long CONTEXT_POST_SEND = 208;
    static final long CONTEXT_POST_RECV = 216;
    static final long CONTEXT_ASYNC_FD = 268;
    static final long CONTEXT_BYTES = 328;

    static final long SEND_WR_ID = 0;
    static final long SEND_WR_SG_LIST = 16;
    static final long SEND_WR_NUM_SGE = 24;
    static final long SEND_WR_OPCODE = 28;
    static final long SEND_WR_FLAGS = 32;
    static final long SEND_WR_REMOTE_ADDR = 40;
    static final long SEND_WR_RKEY = 48;
    static final long SEND_WR_BYTES = 128;

    static final long RECV_WR_ID = 0;
    static final long RECV_WR_SG_LIST = 16;
    static final long RECV_WR_NUM_SGE = 24;
    static final long RECV_WR_BYTES = 32;

    static final long SGE_ADDR = 0;
    static final long SGE_LENGTH = 8;
    static final long SGE_LKEY = 12;
    static final long SGE_BYTES = 16;

    static final long WC_ID = 0;
    static final long WC_STATUS = 8;
    static final long WC_BYTE_LEN = 20;
    static final long WC_QP_NUM = 28;
    static final long WC_BYTES = 48;

    static final long INIT_SEND_CQ = 8;
    static final long INIT_RECV_CQ = 16;
    static final long INIT_CAP = 32;
    static final long INIT_QP_TYPE = 52;
    static final long INIT_SQ_SIG_ALL = 56;
    static final long INIT_BYTES = 64;

    static final long CAP_MAX_SEND_WR = 0;
    static final long CAP_MAX_RECV_WR = 4;
    static final long CAP_MAX_SEND_SGE = 8;
    static final long CAP_MAX_RECV_SGE = 12;
    static final long CAP_MAX_INLINE = 16;

    static final long ATTR_STATE = 0;
    static final long ATTR_PATH_MTU = 8;
    static final long ATTR_RQ_PSN = 20;
    static final long ATTR_SQ_PSN = 24;
    static final long ATTR_DEST_QP = 28;
    static final long ATTR_ACCESS = 32;
    static final long ATTR_DGID = 56;
    static final long ATTR_SGID_INDEX = 76;
    static final long ATTR_HOP_LIMIT = 77;
    static final long ATTR_IS_GLOBAL = 85;
    static final long ATTR_AH_PORT = 86;
    static final long ATTR_PKEY_INDEX = 120;
    static final long ATTR_MAX_RD_ATOMIC = 126;
    static final long ATTR_MAX_DEST_RD_ATOMIC = 127;
    static final long ATTR_MIN_RNR_TIMER = 128;
    static final long ATTR_PORT = 129;
    static final long ATTR_TIMEOUT = 130;
    static final long ATTR_RETRY_CNT = 131;
    static final long ATTR_RNR_RETRY = 132;
    static final long ATTR_BYTES = 144;

    static final long QP_CONTEXT = 0;
    static final long QP_NUM = 52;
    static final long QP_BYTES = 160;

    static final long CQ_CONTEXT = 0;
    static final long CQ_CHANNEL = 8;
    static final long CQ_BYTES = 128;

    static final long MR_CONTEXT = 0;
    static final long MR_ADDR = 16;
    static final long MR_LENGTH = 24;
    static final long MR_LKEY = 36;
    static final long MR_RKEY = 40;
    static final long MR_BYTES = 48;

    static final long CHANNEL_FD = 8;
    static final long CHANNEL_BYTES = 16;

    static final long PORT_STATE = 0;
    static final long PORT_ACTIVE_MTU = 8;
    static final long PORT_GID_TABLE_LENGTH = 12;
    static final long PORT_LINK_LAYER = 46;
    static final long PORT_BYTES = 52;

    static final long DEVICE_PORTS = 227;
    static final long DEVICE_BYTES = 232;

    static final long GID_BYTES_OFFSET = 0;
    static final long GID_INDEX = 16;
    static final long GID_PORT = 20;
    static final long GID_TYPE = 24;
    static final long GID_NDEV = 28;
    static final long GID_ENTRY_BYTES = 32;

    static final long EVENT_ELEMENT = 0;
    static final long EVENT_TYPE = 8;
    static final long EVENT_BYTES = 16;

    static final int STATE_INIT = 1;
    static final int STATE_RTR = 2;
    static final int STATE_RTS = 3;
    static final int STATE_ERROR = 6;

    static final int QP_TYPE_RC = 2;

    static final int OPCODE_RDMA_WRITE = 0;
    static final int OPCODE_SEND = 2;

    static final int FLAG_SIGNALED = 2;
    static final int FLAG_SOLICITED = 4;
    static final int FLAG_INLINE = 8;

    static final int ACCESS_LOCAL_WRITE = 1;
    static final int ACCESS_REMOTE_WRITE = 2;

    static final int MASK_STATE = 0x1;
    static final int MASK_ACCESS = 0x8;
    static final int MASK_PKEY_INDEX = 0x10;
    static final int MASK_PORT = 0x20;
    static final int MASK_AV = 0x80;
    static final int MASK_PATH_MTU = 0x100;
    static final int MASK_TIMEOUT = 0x200;
    static final int MASK_RETRY_CNT = 0x400;
    static final int MASK_RNR_RETRY = 0x800;
    static final int MASK_RQ_PSN = 0x1000;
    static final int MASK_MAX_RD_ATOMIC = 0x2000;
    static final int MASK_MIN_RNR_TIMER = 0x8000;
    static final int MASK_SQ_PSN = 0x10000;
    static final int MASK_MAX_DEST_RD_ATOMIC = 0x20000;
    static final int MASK_DEST_QP = 0x100000;

    static final int PORT_ACTIVE = 4;
    static final int LINK_LAYER_ETHERNET = 2;

    static final int GID_TYPE_ROCE_V1 = 1;
    static final int GID_TYPE_ROCE_V2 = 2;

    static final int EVENT_QP_FATAL = 1;
    static final int EVENT_QP_REQ_ERR = 2;
    static final int EVENT_QP_ACCESS_ERR = 3;
    static final int EVENT_DEVICE_FATAL = 8;
    static final int EVENT_PORT_ACTIVE = 9;
    static final int EVENT_PORT_ERR = 10;
    static final int EVENT_GID_CHANGE = 18;

    private static final int SMALLEST_MTU = 256;

    private Abi() {}

    /** Bytes of an {@code enum ibv_mtu}: 1 is 256, 5 is 4096. */
    static int mtuBytes(int code) {
        return SMALLEST_MTU << Math.clamp(code, 1, 5) - 1;
    }

    /** The {@code enum ibv_mtu} of 256, 512, 1024, 2048 or 4096 bytes. */
    static int mtuCode(int bytes) {
        return Integer.numberOfTrailingZeros(
                        Integer.highestOneBit(Math.clamp(bytes, SMALLEST_MTU, 4096)) / SMALLEST_MTU)
                + 1;
    }
}
