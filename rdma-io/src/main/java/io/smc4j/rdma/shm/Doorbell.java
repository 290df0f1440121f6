package io.smc4j.rdma.shm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How others, in this process or another, wake the one thread that owns a device. While the owner is awake, ringing costs a
 * fence and one read; a system call is made only when the owner sleeps or is about to.
 *
 * <pre>
 *   owner: arm(); if (nothing to do) await(timeout);       ringer: publish work; ring();
 * </pre>
 *
 * <pre>
 *   byte 0  int  rings    futex word, grows with every ring that found the owner parked
 *   byte 4  int  parked   0 while the owner is awake, else a token that differs from one arm() to the next
 * </pre>
 *
 * <p><b>No wake-up is lost.</b> The owner stores {@code parked} and then reads the work; the ringer stores the work and then
 * reads {@code parked}. A store followed by a load of something else is the one pair that processors reorder even on x86, and
 * that release and acquire do not order, so both sides put a full fence between the two. Then at least one of them sees the
 * other's store. If the owner sees the work, it does not sleep. If the ringer sees {@code parked}, it adds to {@code rings}, and
 * the owner, which noted {@code rings} before it stored {@code parked}, either is refused by the kernel's comparison or is
 * asleep already when the ringer's {@code FUTEX_WAKE} comes. If the ringer sees an older token, its read came before the
 * owner's last store to {@code parked}, so by the fences the owner sees the work.
 *
 * <p>The ringer clears {@code parked} last, and only if it still holds the token that it saw: so it can neither undo a later
 * {@link #arm}, nor, if it is killed anywhere on the way, keep others from waking the owner. A peer that scribbles here can make
 * the owner sleep until its time-out or wake for nothing; no more.
 *
 * <p>Thread rules: {@link #arm}, {@link #await} and {@link #disarm} by the owner, on the owner's mapping; {@link #ring} by
 * any thread on any mapping; {@link #wakeUp} and {@link #close} by any thread of the owner's process.
 */
public final class Doorbell implements AutoCloseable {
    /** Bytes of memory, a cache line of its own; aligned to 8. */
    public static final long BYTES = 64;

    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final long PARKED = 4;

    private final MemorySegment memory;
    private final WaitWord rings;
    private final AtomicBoolean wakeUpWanted = new AtomicBoolean();
    private int token;
    private boolean armed;
    private int seen;

    public Doorbell(MemorySegment memory) {
        this.memory = memory.asSlice(0, BYTES, 8);
        this.rings = new WaitWord(memory);
    }

    /** Asks to be woken by the next ring. Look for work after it, then {@link #await}. */
    public void arm() {
        seen = rings.value();
        token = token == -1 ? 1 : token + 1;
        armed = true;
        INT.setVolatile(memory, PARKED, token);
        VarHandle.fullFence();
    }

    /**
     * Sleeps until a ring or {@link #wakeUp} that came after the last {@link #arm}, or the time is over; then the owner counts
     * as awake. May return early. Returns at once without an arm().
     */
    public void await(long timeoutNanos) {
        if (!armed) {
            return;
        }
        if (!wakeUpWanted.get()) {
            rings.await(seen, timeoutNanos);
        }
        wakeUpWanted.getAndSet(false);
        disarm();
    }

    /** The owner is awake after all: saves the next ringer a system call. */
    public void disarm() {
        armed = false;
        INT.setVolatile(memory, PARKED, 0);
    }

    /** Wakes the owner if it sleeps or is about to. Call after the stores that the owner is to see. */
    public void ring() {
        VarHandle.fullFence();
        int parked = (int) INT.getVolatile(memory, PARKED);
        if (parked != 0) {
            rings.signal(1);
            INT.compareAndSet(memory, PARKED, parked, 0);
        }
    }

    /** Ends a current or the next {@link #await}, for reasons of the owner's own process. */
    public void wakeUp() {
        wakeUpWanted.set(true);
        ring();
    }

    /** Ends a current {@link #await} and makes later ones return at once; then the memory may be unmapped. Idempotent. */
    @Override
    public void close() {
        rings.close();
    }
}
