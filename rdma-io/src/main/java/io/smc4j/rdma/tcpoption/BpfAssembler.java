package io.smc4j.rdma.tcpoption;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Assembles BPF instructions, 8 bytes each: opcode, registers (source in the high half), 16-bit offset, 32-bit immediate. Only what
 * {@link SockOpsProgram} needs. Jumps name labels; all go forward.
 */
final class BpfAssembler {
    static final int R0 = 0;
    static final int R1 = 1;
    static final int R2 = 2;
    static final int R3 = 3;
    static final int R4 = 4;
    static final int R5 = 5;
    static final int R6 = 6;
    /** Frame pointer; the stack is 512 bytes below it. */
    static final int R10 = 10;

    private static final int MOV_IMM = 0xb7;
    private static final int MOV_REG = 0xbf;
    private static final int ADD_IMM = 0x07;
    private static final int AND_IMM = 0x57;
    private static final int OR_IMM = 0x47;
    private static final int LOAD_WORD = 0x61;
    private static final int STORE_WORD_IMM = 0x62;
    private static final int STORE_HALF_IMM = 0x6a;
    private static final int JUMP = 0x05;
    private static final int JUMP_EQUAL_IMM = 0x15;
    private static final int JUMP_NOT_EQUAL_IMM = 0x55;
    private static final int JUMP_SIGNED_LESS_IMM = 0xc5;
    private static final int CALL = 0x85;
    private static final int EXIT = 0x95;

    private record Instruction(int opcode, int registers, int offset, int immediate, String target) {}

    private final List<Instruction> instructions = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();

    private BpfAssembler add(int opcode, int destination, int source, int offset, int immediate, String target) {
        instructions.add(new Instruction(opcode, source << 4 | destination, offset, immediate, target));
        return this;
    }

    private BpfAssembler add(int opcode, int destination, int source, int offset, int immediate) {
        return add(opcode, destination, source, offset, immediate, "");
    }

    BpfAssembler move(int destination, int value) {
        return add(MOV_IMM, destination, 0, 0, value);
    }

    BpfAssembler copy(int destination, int source) {
        return add(MOV_REG, destination, source, 0, 0);
    }

    BpfAssembler plus(int destination, int value) {
        return add(ADD_IMM, destination, 0, 0, value);
    }

    BpfAssembler and(int destination, int value) {
        return add(AND_IMM, destination, 0, 0, value);
    }

    BpfAssembler or(int destination, int value) {
        return add(OR_IMM, destination, 0, 0, value);
    }

    /** destination = the 32-bit word at source + offset. */
    BpfAssembler load(int destination, int source, int offset) {
        return add(LOAD_WORD, destination, source, offset, 0);
    }

    /** Stores a 32-bit word at base + offset. */
    BpfAssembler storeWord(int base, int offset, int value) {
        return add(STORE_WORD_IMM, base, 0, offset, value);
    }

    /** Stores a 16-bit half word at base + offset. */
    BpfAssembler storeHalf(int base, int offset, int value) {
        return add(STORE_HALF_IMM, base, 0, offset, value);
    }

    BpfAssembler jump(String label) {
        return add(JUMP, 0, 0, 0, 0, label);
    }

    BpfAssembler ifEqual(int register, int value, String label) {
        return add(JUMP_EQUAL_IMM, register, 0, 0, value, label);
    }

    BpfAssembler ifNotEqual(int register, int value, String label) {
        return add(JUMP_NOT_EQUAL_IMM, register, 0, 0, value, label);
    }

    BpfAssembler ifLess(int register, int value, String label) {
        return add(JUMP_SIGNED_LESS_IMM, register, 0, 0, value, label);
    }

    /** Calls a helper function of the kernel by number: arguments in R1 to R5, which it destroys; result in R0. */
    BpfAssembler call(int helper) {
        return add(CALL, 0, 0, 0, helper);
    }

    BpfAssembler exit() {
        return add(EXIT, 0, 0, 0, 0);
    }

    BpfAssembler label(String name) {
        labels.put(name, instructions.size());
        return this;
    }

    /** The instructions as the kernel takes them, in this machine's byte order. */
    byte[] assemble() {
        ByteOrder order = ByteOrder.nativeOrder();
        ByteBuffer code = ByteBuffer.allocate(instructions.size() * 8).order(order);
        for (int i = 0; i < instructions.size(); i++) {
            Instruction instruction = instructions.get(i);
            int offset = instruction.offset;
            if (!instruction.target.isEmpty()) {
                Integer target = labels.get(instruction.target);
                if (target == null || target <= i) {
                    throw new IllegalStateException("jump to " + instruction.target + ", which is not ahead: a bug");
                }
                offset = target - i - 1;
            }
            int registers = instruction.registers;
            code.put((byte) instruction.opcode);
            // bit fields: the destination is in the low half on little-endian machines, in the high half on others
            code.put((byte) (order == ByteOrder.LITTLE_ENDIAN ? registers : registers >> 4 | (registers & 15) << 4));
            code.putShort((short) offset);
            code.putInt(instruction.immediate);
        }
        return code.array();
    }
}
