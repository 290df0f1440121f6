package io.smc4j.rdma.shm;

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
import java.lang.ref.Reference;
import java.nio.charset.Charset;
import java.nio.file.Path;

/**
 * The few calls into the C library that Java has no equivalent for. Results as the kernel gives them: what the call returned,
 * or the negated errno.
 *
 * <p>Loading this class links the symbols: touch it only where {@link Platform#current} found a supported platform.
 */
final class Libc {
    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0x40;
    static final int O_EXCL = 0x80;
    static final int O_CLOEXEC = 0x80000;
    static final int LOCK_SH = 1;
    static final int LOCK_EX = 2;
    static final int LOCK_NB = 4;

    private static final int MADV_POPULATE_WRITE = 23;
    private static final long FUTEX_WAIT = 0;
    private static final long FUTEX_WAKE = 1;

    /** As glibc's {@code cpu_set_t}: 1024 CPUs. On a larger machine the kernel refuses it, and threads stay where they are. */
    private static final long CPU_SET_BYTES = 128;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final Charset PATH_CHARSET = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    private static final Platform PLATFORM = Platform.current();

    private static final MethodHandle OPEN =
            link("open", 2, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle CLOSE = link("close", -1, FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle FLOCK = link("flock", -1, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle FALLOCATE =
            link("posix_fallocate", -1, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle MADVISE =
            link("madvise", -1, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle GETEUID = link("geteuid", -1, FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle GETCPU = linkForMessages("sched_getcpu", FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle GET_AFFINITY =
            link("sched_getaffinity", -1, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
    private static final MethodHandle SET_AFFINITY =
            link("sched_setaffinity", -1, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));

    /**
     * memcpy, which looks at its first three arguments. The segments behind them are passed only to be held: their memory cannot be
     * unmapped during the call. (To pass slices instead would allocate; both calling conventions have the registers for five.)
     */
    private static final MethodHandle MEMCPY = linkForMessages(
            "memcpy", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS));

    private static final MethodHandle MEMCPY_FROM_HEAP = linkForMessages(
            "memcpy",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS),
            Linker.Option.critical(true));
    private static final MethodHandle SYSCALL = linkForMessages(
            "syscall",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    private static final MethodHandle SYSCALL_ERRNO =
            link("syscall", 1, FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    /** Per thread, so that a wait allocates nothing: where errno is captured, and a timespec. */
    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private Libc() {}

    private static final class Scratch {
        private final MemorySegment callState = Arena.ofAuto().allocate(CALL_STATE);
        private final MemorySegment timespec = Arena.ofAuto().allocate(16, 8);

        int errno() {
            return (int) ERRNO.get(callState, 0L);
        }
    }

    private static MethodHandle link(String name, int firstVariadicArgument, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        MemorySegment symbol = linker.defaultLookup().findOrThrow(name);
        Linker.Option errno = Linker.Option.captureCallState("errno");
        return firstVariadicArgument < 0
                ? linker.downcallHandle(symbol, descriptor, errno)
                : linker.downcallHandle(
                        symbol, descriptor, errno, Linker.Option.firstVariadicArg(firstVariadicArgument));
    }

    /**
     * For what may be called for each message. Capturing errno and passing segments allocate some bytes until the optimizing compiler
     * has seen the call, and a call that is made rarely is never compiled: so only numbers are passed, and errno is lost.
     */
    private static MethodHandle linkForMessages(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
    }

    /** {@code open(2)}, never following a symbolic link in the last component, closed on exec. */
    static int open(Path path, int flags, int mode) {
        Scratch scratch = SCRATCH.get();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path.toString(), PATH_CHARSET);
            int fd = (int) OPEN.invokeExact(scratch.callState, name, flags | O_CLOEXEC | PLATFORM.openNoFollow(), mode);
            return fd >= 0 ? fd : -scratch.errno();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int close(int fd) {
        Scratch scratch = SCRATCH.get();
        try {
            return (int) CLOSE.invokeExact(scratch.callState, fd) == 0 ? 0 : -scratch.errno();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** {@code flock(2)}: a lock of the open file description, so it also excludes within one process. */
    static int flock(int fd, int operation) {
        Scratch scratch = SCRATCH.get();
        try {
            return (int) FLOCK.invokeExact(scratch.callState, fd, operation) == 0 ? 0 : -scratch.errno();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** {@code posix_fallocate(3)}: sets the size and reserves every page of it. */
    static int allocate(int fd, long size) {
        try {
            int error;
            do {
                error = (int) FALLOCATE.invokeExact(SCRATCH.get().callState, fd, 0L, size);
            } while (error == Errno.EINTR);
            return -error;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** {@code madvise(MADV_POPULATE_WRITE)}: maps all pages for writing. False if this kernel (before 5.14) cannot. */
    static boolean populate(MemorySegment pages) {
        Scratch scratch = SCRATCH.get();
        try {
            return (int) MADVISE.invokeExact(scratch.callState, pages, pages.byteSize(), MADV_POPULATE_WRITE) == 0;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int effectiveUserId() {
        try {
            return (int) GETEUID.invokeExact(SCRATCH.get().callState);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** {@code sched_getcpu(3)}. @return -1 if it fails */
    static int currentCpu() {
        try {
            return (int) GETCPU.invokeExact();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Takes a CPU out of the calling thread's affinity mask, which makes it leave that CPU, and puts it in again. */
    static boolean leaveCpu(int cpu) {
        if (cpu >= CPU_SET_BYTES * Byte.SIZE) {
            return false;
        }
        Scratch scratch = SCRATCH.get();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment allowed = arena.allocate(CPU_SET_BYTES, Long.BYTES);
            if ((int) GET_AFFINITY.invokeExact(scratch.callState, 0, CPU_SET_BYTES, allowed) != 0) {
                return false;
            }
            MemorySegment others = arena.allocate(CPU_SET_BYTES, Long.BYTES).copyFrom(allowed);
            long word = cpu / Long.SIZE * (long) Long.BYTES; // an array of longs in the machine's byte order
            others.set(JAVA_LONG, word, others.get(JAVA_LONG, word) & ~(1L << cpu));
            if ((int) SET_AFFINITY.invokeExact(scratch.callState, 0, CPU_SET_BYTES, others) != 0) {
                return false; // no other CPU is left
            }
            // If CPUs were taken from this process in between, this fails or is cut down by the kernel, as it should
            // be.
            int _ = (int) SET_AFFINITY.invokeExact(scratch.callState, 0, CPU_SET_BYTES, allowed);
            return true;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** {@code memcpy(3)} from anywhere to native memory; bounds are the caller's to check. Both are alive, and stay so, or it throws. */
    static void copy(MemorySegment source, long sourceOffset, MemorySegment target, long targetOffset, long bytes) {
        long to = target.address() + targetOffset;
        try {
            if (source.isNative()) {
                long _ = (long) MEMCPY.invokeExact(to, source.address() + sourceOffset, bytes, target, source);
            } else {
                long _ = (long) MEMCPY_FROM_HEAP.invokeExact(to, source.asSlice(sourceOffset, bytes), bytes, target);
            }
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** {@code FUTEX_WAIT} on a word that may be shared between processes, with a relative time-out. However it ends, look again. */
    static void futexWait(long address, int expected, long timeoutNanos) {
        Scratch scratch = SCRATCH.get();
        scratch.timespec.set(JAVA_LONG, 0, timeoutNanos / NANOS_PER_SECOND);
        scratch.timespec.set(JAVA_LONG, 8, timeoutNanos % NANOS_PER_SECOND);
        try {
            long _ = (long) SYSCALL.invokeExact(
                    PLATFORM.futexNumber(), address, FUTEX_WAIT, (long) expected, scratch.timespec.address());
        } catch (Throwable e) {
            throw unexpected(e);
        } finally {
            Reference.reachabilityFence(scratch);
        }
    }

    /** {@code FUTEX_WAKE}. @return how many threads were woken; -1 if it fails */
    static int futexWake(long address, int count) {
        try {
            return (int) (long) SYSCALL.invokeExact(PLATFORM.futexNumber(), address, FUTEX_WAKE, (long) count, 0L);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Tries {@code FUTEX_WAKE}. @return 0 or the negated errno */
    static int futexFault(long address) {
        Scratch scratch = SCRATCH.get();
        try {
            long result = (long)
                    SYSCALL_ERRNO.invokeExact(scratch.callState, PLATFORM.futexNumber(), address, FUTEX_WAKE, 1L, 0L);
            return result >= 0 ? 0 : -scratch.errno();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Method handles of C functions throw nothing of their own; what comes out is a bug or an error of the JVM. */
    private static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }
}
