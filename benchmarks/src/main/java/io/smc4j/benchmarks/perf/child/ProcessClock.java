package io.smc4j.benchmarks.perf.child;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The processor time of this process as the scheduler counts it, in nanoseconds. What the JVM says is counted in ticks of 10 ms, and
 * whoever is awake at a tick is charged all of it: too coarse for processes that wake some times a second. Thread-safe.
 */
final class ProcessClock {
    private static final int CLOCK_PROCESS_CPUTIME_ID = 2;
    private static final long NANOS = 1_000_000_000L;
    private static final StructLayout TIMESPEC = MemoryLayout.structLayout(
            ValueLayout.JAVA_LONG.withName("tv_sec"), ValueLayout.JAVA_LONG.withName("tv_nsec"));

    private final MethodHandle getTime;

    ProcessClock() {
        Linker linker = Linker.nativeLinker();
        getTime = linker.downcallHandle(
                linker.defaultLookup()
                        .find("clock_gettime")
                        .orElseThrow(() -> new UnsupportedOperationException("the C library has no clock_gettime")),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    }

    /** User and system, of all threads, those that have ended too. */
    long nanos() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(TIMESPEC);
            int failed = (int) getTime.invokeExact(CLOCK_PROCESS_CPUTIME_ID, time);
            if (failed != 0) {
                throw new UnsupportedOperationException("this kernel does not tell a process's processor time");
            }
            return time.get(ValueLayout.JAVA_LONG, 0) * NANOS + time.get(ValueLayout.JAVA_LONG, Long.BYTES);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("clock_gettime could not be called", e);
        }
    }
}
