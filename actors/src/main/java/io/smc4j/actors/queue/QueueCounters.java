package io.smc4j.actors.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** What an owner counted: written by its thread alone, read by any (a little late, never torn). */
public final class QueueCounters {
    /** The counters. */
    public enum Counter {
        WRITES("RDMA writes posted"),
        BYTES_WRITTEN("bytes given to RDMA writes"),
        CDC_SENT("CDC messages posted"),
        CDC_RECEIVED("CDC messages received"),
        CDC_DROPPED("CDC messages dropped: unknown token, stale, or malformed"),
        CDC_FORWARDED("CDC messages passed to the endpoint's owner"),
        LLC_SENT("LLC messages posted"),
        LLC_RECEIVED("LLC messages received"),
        STALE_COMPLETIONS("completions of requests or links that are gone"),
        FAILED_COMPLETIONS("completions with an error, flushes included"),
        POLLS("looks at the completion queue or doorbells"),
        SLEEPS("times the owner went to sleep"),
        SIGNALS("SMC-D doorbells delivered"),
        COMMANDS("mailbox messages other than the owner's own turn token");

        private final String label;

        Counter(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] values = new long[Counter.values().length];

    /** Current value. Any thread. */
    public long get(Counter counter) {
        return (long) ELEMENT.getOpaque(values, index(counter));
    }

    @SuppressWarnings("EnumOrdinal") // an index into an array of this process, never stored
    private static int index(Counter counter) {
        return counter.ordinal();
    }

    void increment(Counter counter) {
        add(counter, 1);
    }

    void add(Counter counter, long by) {
        int i = index(counter);
        ELEMENT.setOpaque(values, i, values[i] + by);
    }
}
