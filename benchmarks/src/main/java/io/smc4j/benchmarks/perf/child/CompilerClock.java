package io.smc4j.benchmarks.perf.child;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The processor time of this JVM's JIT compilers, as the scheduler counts it. The JVM itself counts a compilation when it ends, and one may
 * take half a second. Where there is no {@code /proc} it is the JVM's figure.
 */
final class CompilerClock {
    private static final String NAME = "Compiler"; // C1 CompilerThre, C2 CompilerThre: cut by the kernel

    private final Path tasks;
    private final @Nullable CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();

    CompilerClock() {
        this(Path.of("/proc/self/task"));
    }

    CompilerClock(Path tasks) {
        this.tasks = tasks;
    }

    long millis() {
        try (Stream<Path> all = Files.list(tasks)) {
            List<Path> threads = all.toList();
            return TimeUnit.NANOSECONDS.toMillis(
                    threads.stream().mapToLong(CompilerClock::nanos).sum());
        } catch (IOException | UncheckedIOException _) {
            return compiler == null ? 0 : compiler.getTotalCompilationTime();
        }
    }

    private static long nanos(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).contains(NAME)
                    ? Long.parseLong(
                            Files.readString(thread.resolve("schedstat")).split(" ", 2)[0])
                    : 0;
        } catch (IOException | NumberFormatException _) {
            return 0; // it has ended
        }
    }
}
