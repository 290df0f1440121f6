package io.smc4j.benchmarks.wakeup;

import io.smc4j.rdma.shm.Doorbell;
import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to ring the doorbell of an owner that is awake: the price of every message while nobody sleeps. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class AwakeBenchmark {
    private final Doorbell bell = new Doorbell(Arena.ofAuto().allocate(Doorbell.BYTES, Doorbell.BYTES));

    @Benchmark
    public void ringAnAwakeOwner() {
        bell.ring();
    }
}
