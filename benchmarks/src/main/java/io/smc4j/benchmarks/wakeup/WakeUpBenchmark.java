package io.smc4j.benchmarks.wakeup;

import io.smc4j.rdma.shm.Doorbell;
import io.smc4j.rdma.shm.WaitWord;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A round trip between two threads that sleep until the other wakes them: two wake-ups. With the wait word and the doorbell that smc4j
 * shares between processes, and with {@link LockSupport} as the JDK has it within one; and what it costs to ring when nobody sleeps.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class WakeUpBenchmark {
    private static final long LONGEST_SLEEP = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LINE = 128;

    /** By what the two threads wake each other. */
    public enum Means {
        WAIT_WORD,
        DOORBELL,
        LOCK_SUPPORT
    }

    /** By what the two threads wake each other. */
    @Param
    public Means means = Means.WAIT_WORD;

    private final MemorySegment memory = Arena.ofAuto().allocate(4 * LINE, LINE);
    private final WaitWord pingWord = new WaitWord(memory.asSlice(0, LINE));
    private final WaitWord pongWord = new WaitWord(memory.asSlice(LINE, LINE));
    private final Doorbell pingBell = new Doorbell(memory.asSlice(2 * LINE, LINE));
    private final Doorbell pongBell = new Doorbell(memory.asSlice(3 * LINE, LINE));
    private final AtomicInteger pings = new AtomicInteger();
    private final AtomicInteger pongs = new AtomicInteger();
    private volatile @Nullable Thread pinger;
    private volatile boolean ended;
    private Thread ponger = Thread.currentThread();

    /** The thread that answers. */
    @Setup
    public void start() {
        ponger = Thread.ofPlatform().daemon().name("ponger").start(this::answer);
    }

    /** Ends it. */
    @TearDown
    public void end() throws InterruptedException {
        ended = true;
        wake(pingWord, pingBell, ponger);
        ponger.join();
        pingWord.close();
        pongWord.close();
        pingBell.close();
        pongBell.close();
    }

    private void answer() {
        for (int round = 1; !ended; round++) {
            sleepUntil(pings, round, pingWord, pingBell);
            pongs.set(round);
            Thread waiting = pinger;
            if (waiting != null) {
                wake(pongWord, pongBell, waiting);
            }
        }
    }

    /** There and back. */
    @Benchmark
    public int roundTrip() {
        pinger = Thread.currentThread();
        int round = pings.incrementAndGet();
        wake(pingWord, pingBell, ponger);
        sleepUntil(pongs, round, pongWord, pongBell);
        return round;
    }

    private void wake(WaitWord word, Doorbell bell, Thread thread) {
        switch (means) {
            case WAIT_WORD -> word.signal(1);
            case DOORBELL -> bell.ring();
            case LOCK_SUPPORT -> LockSupport.unpark(thread);
        }
    }

    private void sleepUntil(AtomicInteger counter, int wanted, WaitWord word, Doorbell bell) {
        while (counter.get() < wanted && !ended) {
            switch (means) {
                case WAIT_WORD -> {
                    int seen = word.value();
                    if (counter.get() < wanted) {
                        word.await(seen, LONGEST_SLEEP);
                    }
                }
                case DOORBELL -> {
                    bell.arm();
                    if (counter.get() < wanted) {
                        bell.await(LONGEST_SLEEP);
                    } else {
                        bell.disarm();
                    }
                }
                case LOCK_SUPPORT -> LockSupport.parkNanos(this, LONGEST_SLEEP);
            }
        }
    }
}
