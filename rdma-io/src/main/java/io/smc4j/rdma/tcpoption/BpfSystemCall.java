package io.smc4j.rdma.tcpoption;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;

/**
 * {@code bpf(2)} and what goes with it. Results as the kernel gives them, or the negated errno. Links symbols of the C library when it
 * is loaded: touch it on Linux only.
 */
final class BpfSystemCall {
    private static final int PROG_LOAD = 5;
    private static final int OBJ_PIN = 6;
    private static final int OBJ_GET = 7;
    private static final int LINK_CREATE = 28;

    private static final int PROG_TYPE_SOCK_OPS = 13;
    private static final int ATTACH_CGROUP_SOCK_OPS = 3;
    private static final int ENOSYS = 38;
    private static final int ATTRIBUTE_BYTES = 144;
    private static final int O_CLOEXEC = 0x80000;

    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle SYSCALL = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG),
                    Linker.Option.captureCallState("errno"),
                    Linker.Option.firstVariadicArg(1));
    private static final MethodHandle OPEN = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("open"),
                    FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
                    Linker.Option.captureCallState("errno"),
                    Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("close"),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private BpfSystemCall() {}

    /** What the verifier says goes to {@code log}, if it refuses. @return a descriptor of the program */
    static int load(byte[] code, String name, MemorySegment log) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment instructions = arena.allocate(code.length, 8);
            instructions.copyFrom(MemorySegment.ofArray(code));
            MemorySegment attributes = arena.allocate(ATTRIBUTE_BYTES, 8);
            attributes.set(JAVA_INT, 0, PROG_TYPE_SOCK_OPS);
            attributes.set(JAVA_INT, 4, code.length / 8);
            attributes.set(JAVA_LONG, 8, instructions.address());
            attributes.set(JAVA_LONG, 16, arena.allocateFrom("Apache-2.0").address());
            attributes.set(JAVA_INT, 24, 1); // how much is logged
            attributes.set(JAVA_INT, 28, (int) log.byteSize());
            attributes.set(JAVA_LONG, 32, log.address());
            byte[] label = name.getBytes(StandardCharsets.US_ASCII);
            MemorySegment.copy(label, 0, attributes, java.lang.foreign.ValueLayout.JAVA_BYTE, 48, label.length);
            attributes.set(JAVA_INT, 68, ATTACH_CGROUP_SOCK_OPS);
            return bpf(PROG_LOAD, attributes);
        }
    }

    /** Attaches a program to a control group for as long as the link that is returned is open or pinned. */
    static int link(int program, int cgroup) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(ATTRIBUTE_BYTES, 8);
            attributes.set(JAVA_INT, 0, program);
            attributes.set(JAVA_INT, 4, cgroup);
            attributes.set(JAVA_INT, 8, ATTACH_CGROUP_SOCK_OPS);
            return bpf(LINK_CREATE, attributes);
        }
    }

    /** Gives an object a name in a bpf file system, which keeps it alive. */
    static int pin(int descriptor, String path) {
        try (Arena arena = Arena.ofConfined()) {
            return bpf(OBJ_PIN, named(arena, path, descriptor));
        }
    }

    /** Opens a pinned object. */
    static int get(String path) {
        try (Arena arena = Arena.ofConfined()) {
            return bpf(OBJ_GET, named(arena, path, 0));
        }
    }

    private static MemorySegment named(Arena arena, String path, int descriptor) {
        MemorySegment attributes = arena.allocate(ATTRIBUTE_BYTES, 8);
        attributes.set(JAVA_LONG, 0, arena.allocateFrom(path).address());
        attributes.set(JAVA_INT, 8, descriptor);
        return attributes;
    }

    private static int bpf(int command, MemorySegment attributes) {
        long number = number(System.getProperty("os.arch", ""));
        if (number < 0) {
            return -ENOSYS;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            long result = (long) SYSCALL.invokeExact(state, number, (long) command, attributes, attributes.byteSize());
            return result >= 0 ? (int) result : -(int) ERRNO.get(state, 0L);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The number of {@code bpf(2)}, which differs between architectures; -1 where it is not known: a guess would call something else. */
    static long number(String architecture) {
        return switch (architecture) {
            case "amd64", "x86_64" -> 321;
            case "aarch64", "riscv64", "loongarch64" -> 280;
            case "s390x" -> 351;
            case "ppc64", "ppc64le" -> 361;
            default -> -1;
        };
    }

    /** A descriptor of a directory. */
    static int open(String directory) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CALL_STATE);
            int fd = (int) OPEN.invokeExact(state, arena.allocateFrom(directory), O_CLOEXEC);
            return fd >= 0 ? fd : -(int) ERRNO.get(state, 0L);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void close(int descriptor) {
        try {
            var _ = (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }
}
