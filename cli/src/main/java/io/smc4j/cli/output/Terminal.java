package io.smc4j.cli.output;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What standard error is connected to.
 *
 * @param interactive whether a person is looking: only then are progress bars drawn
 * @param columns its width in characters
 */
public record Terminal(boolean interactive, int columns) {
    private static final int STANDARD_ERROR = 2;
    private static final int DEFAULT_COLUMNS = 80;
    private static final int LEAST_COLUMNS = 40;

    /** Not a terminal: a file, a pipe, a test. */
    public static Terminal none() {
        return new Terminal(false, DEFAULT_COLUMNS);
    }

    /** Asks the operating system, which the JDK does not for standard error alone. */
    public static Terminal ofStandardError() {
        try {
            return isTerminal() ? new Terminal(true, columnsOf(System.getenv("COLUMNS"))) : none();
        } catch (Throwable e) { // what MethodHandle.invokeExact declares
            if (e instanceof VirtualMachineError error) {
                throw error;
            }
            return none();
        }
    }

    private static boolean isTerminal() throws Throwable {
        Linker linker = Linker.nativeLinker();
        Optional<MemorySegment> isatty = linker.defaultLookup().find("isatty");
        if (isatty.isEmpty()) {
            return false;
        }
        var call =
                linker.downcallHandle(isatty.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        return (int) call.invokeExact(STANDARD_ERROR) == 1;
    }

    private static int columnsOf(@Nullable String environment) throws Throwable {
        if (environment != null && environment.matches("[0-9]{1,4}")) {
            return Math.max(LEAST_COLUMNS, Integer.parseInt(environment));
        }
        int asked = windowColumns();
        return asked == 0 ? DEFAULT_COLUMNS : Math.max(LEAST_COLUMNS, asked);
    }

    /** ioctl(TIOCGWINSZ) fills struct winsize {unsigned short rows, columns, x pixels, y pixels}; 0 if it cannot say. */
    private static int windowColumns() throws Throwable {
        boolean linux = System.getProperty("os.name", "").startsWith("Linux");
        long getWindowSize = linux ? 0x5413L : 0x40087468L;
        Linker linker = Linker.nativeLinker();
        Optional<MemorySegment> ioctl = linker.defaultLookup().find("ioctl");
        if (ioctl.isEmpty()) {
            return 0;
        }
        var call = linker.downcallHandle(
                ioctl.get(),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
                Linker.Option.firstVariadicArg(2));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(4 * Short.BYTES, Short.BYTES);
            int result = (int) call.invokeExact(STANDARD_ERROR, getWindowSize, size);
            return result == 0 ? Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, Short.BYTES)) : 0;
        }
    }
}
