package io.smc4j.actors.datapath;

import io.smc4j.protocol.cdc.SmcdControlArea;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/** Access to the cursor groups of a DMB's control area, each an aligned long read and written as a whole. */
final class SmcdMemory {
    static final int HEADER = SmcdControlArea.LENGTH;

    /** More lost races than the three threads of one endpoint can cause: the peer scribbles over the area. */
    private static final int ATTEMPTS = 1_000_000;

    private static final VarHandle GROUP = ValueLayout.JAVA_LONG.varHandle();

    private SmcdMemory() {}

    static long producerGroup(MemorySegment dmb) {
        return (long) GROUP.getVolatile(dmb, (long) SmcdControlArea.OFFSET_PRODUCER);
    }

    static long consumerGroup(MemorySegment dmb) {
        return (long) GROUP.getVolatile(dmb, (long) SmcdControlArea.OFFSET_CONSUMER);
    }

    static void publishProducer(MemorySegment dmb, long cursor) {
        GROUP.setRelease(dmb, (long) SmcdControlArea.OFFSET_PRODUCER, SmcdControlArea.packProducer(cursor));
    }

    /**
     * Replaces the cursor of the consumer group and keeps its flags. Reader (cursor), writer (write-blocked) and Connection actor
     * (state flags) change the group, each only its part: hence compare-and-set.
     */
    static boolean publishConsumer(MemorySegment dmb, long cursor) {
        for (int i = 0; i < ATTEMPTS; i++) {
            long old = consumerGroup(dmb);
            long next = SmcdControlArea.packConsumer(
                    cursor, SmcdControlArea.producerFlags(old), SmcdControlArea.stateFlags(old));
            if (GROUP.compareAndSet(dmb, (long) SmcdControlArea.OFFSET_CONSUMER, old, next)) {
                return true;
            }
        }
        return false;
    }

    /** Sets and clears flags of the consumer group and keeps the rest. */
    static boolean changeFlags(MemorySegment dmb, int setProducer, int clearProducer, int setState) {
        for (int i = 0; i < ATTEMPTS; i++) {
            long old = consumerGroup(dmb);
            long next = SmcdControlArea.packConsumer(
                    SmcdControlArea.cursor(old),
                    (SmcdControlArea.producerFlags(old) & ~clearProducer) | setProducer,
                    SmcdControlArea.stateFlags(old) | setState);
            if (next == old || GROUP.compareAndSet(dmb, (long) SmcdControlArea.OFFSET_CONSUMER, old, next)) {
                return true;
            }
        }
        return false;
    }
}
