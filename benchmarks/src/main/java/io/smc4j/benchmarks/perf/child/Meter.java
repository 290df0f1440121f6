package io.smc4j.benchmarks.perf.child;

import com.sun.management.ThreadMXBean;
import io.smc4j.cli.output.Json;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process has used so far. The thread that makes one is the one that obeys the parent: what it allocates does not count. */
final class Meter {
    private static final Path SMAPS = Path.of("/proc/self/smaps_rollup");
    private static final int KIB = 1024;

    private final ProcessClock clock = new ProcessClock();
    private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    private final CompilerClock compilers = new CompilerClock();

    private final long own = Thread.currentThread().threadId();

    /** Processor time, user and system, of all threads. */
    long cpuNanos() {
        return clock.nanos();
    }

    /** Bytes allocated on the Java heap by all threads but the obeying one. */
    long allocatedByOthers() {
        return threads.getTotalThreadAllocatedBytes() - threads.getThreadAllocatedBytes(own);
    }

    /** As {@link #allocatedByOthers}, with the obeying thread: for work that it does itself. */
    long allocated() {
        return threads.getTotalThreadAllocatedBytes();
    }

    /**
     * Bytes this process holds: its share of resident pages outside the heap (a page that two processes map counts half for each), and
     * live objects on the heap. Collects garbage first.
     */
    long memory() throws IOException {
        System.gc();
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        return residentShare() - heap.getCommitted() + heap.getUsed();
    }

    private static long residentShare() throws IOException {
        if (!Files.isReadable(SMAPS)) {
            throw new IOException("cannot read " + SMAPS + ", which says how much memory this process holds");
        }
        for (String line : Files.readAllLines(SMAPS)) {
            if (line.startsWith("Pss:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * KIB;
            }
        }
        throw new IOException(SMAPS + " has no line 'Pss:'");
    }

    /** What the parent asks for. */
    Json mark() {
        return Json.object()
                .put("cpu", cpuNanos())
                .put("allocated", allocatedByOthers())
                .put("compiled", compilers.millis());
    }
}
