package io.smc4j.benchmarks.wire;

import io.smc4j.protocol.cdc.CdcCodec;
import io.smc4j.protocol.cdc.Cursors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Encoding and decoding of one CDC message in native memory, as the completion queue owner does it for every send and receive:
 * slots of a ring, cursors that move. Run with {@code -prof gc}: nothing may be allocated.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CdcCodecBenchmark {
    private static final int SLOTS = 64;
    private static final int SLOT_LENGTH = 64;
    private static final int RING = 64 * 1024;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment slots = arena.allocate((long) SLOTS * SLOT_LENGTH, 64);
    private int sequence;
    private long producer;
    private long consumer;

    /** Every slot holds a message. */
    @Setup
    public void fill() {
        for (int i = 0; i < SLOTS; i++) {
            encode();
        }
    }

    @TearDown
    public void free() {
        arena.close();
    }

    @Benchmark
    public void encode() {
        sequence = sequence + 1 & 0xFFFF;
        producer = Cursors.advance(producer, 512, RING);
        consumer = Cursors.advance(consumer, 64, RING);
        CdcCodec.encode(slots, offset(), sequence, 0x11, producer, consumer, 0, 0);
    }

    @Benchmark
    public void decode(Blackhole fields) {
        sequence = sequence + 1 & 0xFFFF;
        long offset = offset();
        fields.consume(CdcCodec.check(slots, offset, CdcCodec.LENGTH));
        fields.consume(CdcCodec.sequence(slots, offset));
        fields.consume(CdcCodec.alertToken(slots, offset));
        fields.consume(CdcCodec.producer(slots, offset));
        fields.consume(CdcCodec.consumer(slots, offset));
        fields.consume(CdcCodec.producerFlags(slots, offset));
        fields.consume(CdcCodec.stateFlags(slots, offset));
    }

    private long offset() {
        return (long) (sequence & SLOTS - 1) * SLOT_LENGTH;
    }
}
