package io.smc4j.rdma.tcpoption;

import static io.smc4j.rdma.tcpoption.BpfAssembler.R0;
import static io.smc4j.rdma.tcpoption.BpfAssembler.R1;
import static io.smc4j.rdma.tcpoption.BpfAssembler.R10;
import static io.smc4j.rdma.tcpoption.BpfAssembler.R2;
import static io.smc4j.rdma.tcpoption.BpfAssembler.R3;
import static io.smc4j.rdma.tcpoption.BpfAssembler.R4;
import static io.smc4j.rdma.tcpoption.BpfAssembler.R5;
import static io.smc4j.rdma.tcpoption.BpfAssembler.R6;

import java.nio.ByteOrder;

/**
 * The sock_ops program. For sockets that carry {@link OptionMark#WANTED}, and no others:
 *
 * <ul>
 *   <li>on connect and listen: asks to be called for the headers of the socket, and has the listener keep SYNs;
 *   <li>for a SYN: adds the option. For a SYN-ACK: adds it if the SYN had it, and it is no SYN cookie (of which no SYN is kept, so that
 *       the verdict could not be given later);
 *   <li>when established: looks for the option in the SYN-ACK (client) or in the kept SYN (server), leaves the verdict, and asks to be
 *       called no more.
 * </ul>
 *
 * <p>It returns 1 always: nothing is ever refused. Numbers are those of {@code linux/bpf.h}.
 */
final class SockOpsProgram {
    // struct bpf_sock_ops
    private static final int OP = 0;
    private static final int ARGS_0 = 4;
    private static final int CALLBACK_FLAGS = 84;
    private static final int SKB_TCP_FLAGS = 212;

    private static final int TCP_CONNECT = 3;
    private static final int ACTIVE_ESTABLISHED = 4;
    private static final int PASSIVE_ESTABLISHED = 5;
    private static final int TCP_LISTEN = 11;
    private static final int HDR_OPT_LEN = 14;
    private static final int WRITE_HDR_OPT = 15;

    private static final int HELPER_SETSOCKOPT = 49;
    private static final int HELPER_GETSOCKOPT = 57;
    private static final int HELPER_CALLBACK_FLAGS_SET = 59;
    private static final int HELPER_LOAD_HDR_OPT = 142;
    private static final int HELPER_STORE_HDR_OPT = 143;
    private static final int HELPER_RESERVE_HDR_OPT = 144;

    private static final int CALLBACK_WRITE_HDR_OPT = 1 << 6;
    private static final int LOAD_FROM_SYN = 1;

    private static final int SOL_TCP = 6;
    private static final int TCP_KEEPINTVL = 5;
    private static final int TCP_SAVE_SYN = 27;

    private static final int SYN = 0x02;
    private static final int SYN_ACK = 0x12;

    private static final int OPTION_LENGTH = 6;
    private static final byte[] OPTION = {(byte) 254, OPTION_LENGTH, (byte) 0xe2, (byte) 0xd4, (byte) 0xc3, (byte) 0xd9
    };

    /** Where things lie on the stack, below the frame pointer. */
    private static final int VALUE = -4;

    private static final int OPTION_AT = -16;

    private SockOpsProgram() {}

    /** The program in the kernel's format. */
    static byte[] code() {
        BpfAssembler a = new BpfAssembler();
        a.copy(R6, R1)
                .load(R2, R6, OP)
                .ifEqual(R2, TCP_CONNECT, "start")
                .ifEqual(R2, TCP_LISTEN, "listen")
                .ifEqual(R2, HDR_OPT_LEN, "length")
                .ifEqual(R2, WRITE_HDR_OPT, "write")
                .ifEqual(R2, ACTIVE_ESTABLISHED, "client")
                .ifEqual(R2, PASSIVE_ESTABLISHED, "server")
                .jump("end");

        a.label("listen");
        unlessWanted(a);
        option(a, TCP_SAVE_SYN, 1);
        a.label("start");
        unlessWanted(a);
        a.load(R2, R6, CALLBACK_FLAGS).or(R2, CALLBACK_WRITE_HDR_OPT);
        a.copy(R1, R6).call(HELPER_CALLBACK_FLAGS_SET).jump("end");

        a.label("length");
        onlyWhereTheOptionBelongs(a, "reserve");
        a.copy(R1, R6)
                .move(R2, OPTION_LENGTH)
                .move(R3, 0)
                .call(HELPER_RESERVE_HDR_OPT)
                .jump("end");

        a.label("write");
        onlyWhereTheOptionBelongs(a, "store");
        optionOnStack(a);
        a.copy(R1, R6).copy(R2, R10).plus(R2, OPTION_AT).move(R3, OPTION_LENGTH).move(R4, 0);
        a.call(HELPER_STORE_HDR_OPT).jump("end");

        a.label("client");
        unlessWanted(a);
        loadOption(a, 0);
        a.jump("verdict");
        a.label("server");
        unlessWanted(a);
        loadOption(a, LOAD_FROM_SYN);
        a.label("verdict");
        a.ifLess(R0, 1, "plain");
        option(a, TCP_KEEPINTVL, OptionMark.PEER_SPEAKS_SMC.seconds());
        a.jump("done");
        a.label("plain");
        option(a, TCP_KEEPINTVL, OptionMark.PEER_IS_PLAIN_TCP.seconds());
        a.label("done");
        a.load(R2, R6, CALLBACK_FLAGS).and(R2, ~CALLBACK_WRITE_HDR_OPT);
        a.copy(R1, R6).call(HELPER_CALLBACK_FLAGS_SET);

        a.label("end");
        return a.move(R0, 1).exit().assemble();
    }

    /** Goes to the end unless the socket opted in. */
    private static void unlessWanted(BpfAssembler a) {
        a.storeWord(R10, VALUE, 0);
        a.copy(R1, R6)
                .move(R2, SOL_TCP)
                .move(R3, TCP_KEEPINTVL)
                .copy(R4, R10)
                .plus(R4, VALUE)
                .move(R5, 4);
        a.call(HELPER_GETSOCKOPT).ifNotEqual(R0, 0, "end");
        a.load(R2, R10, VALUE).ifNotEqual(R2, OptionMark.WANTED.seconds(), "end");
    }

    /**
     * Goes on for the SYN of a socket that opted in, and for a SYN-ACK whose SYN had the option; else to the end. Being called is no
     * proof of having opted in: another program may have asked to be called for this socket. For a SYN-ACK there is no socket yet whose
     * mark could be read; that the listener opted in can only be told from our having asked to be called.
     */
    private static void onlyWhereTheOptionBelongs(BpfAssembler a, String goOn) {
        a.load(R2, R6, SKB_TCP_FLAGS).and(R2, SYN_ACK);
        a.ifEqual(R2, SYN_ACK, goOn + " in SYN-ACK").ifNotEqual(R2, SYN, "end");
        unlessWanted(a);
        a.jump(goOn);
        a.label(goOn + " in SYN-ACK");
        a.load(R2, R6, ARGS_0).ifNotEqual(R2, 0, "end"); // a cookie
        loadOption(a, LOAD_FROM_SYN);
        a.ifLess(R0, 1, "end");
        a.label(goOn);
    }

    /** R0 = length of the option found, or a negative error. */
    private static void loadOption(BpfAssembler a, int flags) {
        optionOnStack(a);
        a.copy(R1, R6).copy(R2, R10).plus(R2, OPTION_AT).move(R3, OPTION_LENGTH).move(R4, flags);
        a.call(HELPER_LOAD_HDR_OPT);
    }

    private static void optionOnStack(BpfAssembler a) {
        a.storeWord(R10, OPTION_AT, word(0)).storeHalf(R10, OPTION_AT + 4, half(4));
    }

    /** setsockopt(SOL_TCP, name, value). */
    private static void option(BpfAssembler a, int name, int value) {
        a.storeWord(R10, VALUE, value);
        a.copy(R1, R6)
                .move(R2, SOL_TCP)
                .move(R3, name)
                .copy(R4, R10)
                .plus(R4, VALUE)
                .move(R5, 4);
        a.call(HELPER_SETSOCKOPT);
    }

    private static int word(int at) {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                ? half(at) & 0xffff | half(at + 2) << 16
                : half(at) << 16 | half(at + 2) & 0xffff;
    }

    private static int half(int at) {
        int first = OPTION[at] & 0xff;
        int second = OPTION[at + 1] & 0xff;
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? first | second << 8 : first << 8 | second;
    }
}
