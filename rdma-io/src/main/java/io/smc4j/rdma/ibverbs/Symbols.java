package io.smc4j.rdma.ibverbs;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.NoSuchElementException;

/** Method handles for the functions of one library; each takes the segment for errno as its first argument. */
final class Symbols {
    static final int ENODEV = 19;

    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    /** Per thread, so that a call allocates nothing: where errno is captured, and 8 bytes to read into or write from. */
    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private static final class Scratch {
        private final MemorySegment callState = Arena.ofAuto().allocate(CALL_STATE);
        private final MemorySegment word = Arena.ofAuto().allocate(8, 8);
    }

    private final SymbolLookup lookup;
    private final String library;

    Symbols(SymbolLookup lookup, String library) {
        this.lookup = lookup;
        this.library = library;
    }

    static Symbols ofTheCLibrary() {
        return new Symbols(Linker.nativeLinker().defaultLookup(), "the C library");
    }

    /** A function that the library should have and has not. */
    static final class MissingSymbolException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MissingSymbolException(String library, String symbol, Throwable cause) {
            super(library + " has no function " + symbol, cause);
        }
    }

    MethodHandle function(String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(find(name), descriptor, Linker.Option.captureCallState("errno"));
    }

    MethodHandle variadic(String name, int firstVariadic, FunctionDescriptor descriptor) {
        return Linker.nativeLinker()
                .downcallHandle(
                        find(name),
                        descriptor,
                        Linker.Option.captureCallState("errno"),
                        Linker.Option.firstVariadicArg(firstVariadic));
    }

    private MemorySegment find(String name) {
        try {
            return lookup.findOrThrow(name);
        } catch (NoSuchElementException e) {
            throw new MissingSymbolException(library, name, e);
        }
    }

    static MemorySegment errnoState() {
        return SCRATCH.get().callState;
    }

    static MemorySegment scratch() {
        return SCRATCH.get().word;
    }

    /** errno of this thread's last call. */
    static int errno() {
        return (int) ERRNO.get(SCRATCH.get().callState, 0L);
    }

    /** A returned pointer, or the negated errno for NULL. */
    static long pointer(long returned) {
        return returned != 0 ? returned : -Math.max(1, errno());
    }

    /** Method handles of C functions throw nothing of their own; what comes out is a bug or an error of the JVM. */
    static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }
}
