package io.smc4j.actors.datapath;

/**
 * How application threads wait for data or space.
 *
 * @param maxSpins most looks at the memory before a thread sleeps; each endpoint adapts below this; 0 sleeps at once
 * @param spinsPerYield looks between two {@code Thread.yield()}s, so that spinning threads leave a busy machine to others
 */
public record WaitSettings(int maxSpins, int spinsPerYield) {
    public WaitSettings {
        if (maxSpins < 0 || spinsPerYield < 1) {
            throw new IllegalArgumentException("maxSpins must be 0 or more and spinsPerYield 1 or more, not " + maxSpins
                    + " and " + spinsPerYield);
        }
    }

    /** A few microseconds where there are cores to spare, less on small machines. */
    public static WaitSettings defaults() {
        return Runtime.getRuntime().availableProcessors() > 2
                ? new WaitSettings(2_000, 500)
                : new WaitSettings(400, 100);
    }
}
