package io.smc4j.benchmarks.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Control;

/** The bare ring between two threads of one process: what a message costs when producer and consumer are both awake. */
@State(Scope.Group)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RingBenchmark {
    private static final long CAPACITY = 256 * 1024;

    /** Bytes of a message. */
    @Param({"64", "1024", "65536"})
    public int size = 64;

    private final MemorySegment memory = Arena.ofAuto().allocate(BareRing.bytes(CAPACITY), 128);
    private final MemorySegment source = Arena.ofAuto().allocate(CAPACITY);
    private final MemorySegment target = Arena.ofAuto().allocate(CAPACITY);
    private BareRing producer = new BareRing(memory, CAPACITY);
    private BareRing consumer = new BareRing(memory, CAPACITY);

    /** Messages that went through, beside calls that found the ring full or empty. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Moved {
        /** Bytes, as a rate. */
        public long bytes;
    }

    /** An empty ring for each trial. */
    @Setup
    public void empty() {
        memory.fill((byte) 0);
        producer = new BareRing(memory, CAPACITY);
        consumer = new BareRing(memory, CAPACITY);
    }

    @Benchmark
    @Group("ring")
    @GroupThreads(1)
    public void write(Control control, Moved moved) {
        long written = 0;
        while (written < size && !control.stopMeasurement) {
            long count = producer.tryWrite(source, written, size - written);
            if (count == 0) {
                Thread.onSpinWait();
            }
            written += count;
        }
        moved.bytes += written;
    }

    @Benchmark
    @Group("ring")
    @GroupThreads(1)
    public void read(Control control, Moved moved) {
        long read = 0;
        while (read < size && !control.stopMeasurement) {
            long count = consumer.tryRead(target, read, size - read);
            if (count == 0) {
                Thread.onSpinWait();
            }
            read += count;
        }
        moved.bytes += read;
    }
}
