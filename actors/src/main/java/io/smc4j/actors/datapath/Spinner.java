package io.smc4j.actors.datapath;

import java.util.function.BooleanSupplier;

/** Looks at memory for a short time before a thread sleeps, as long as that has been paying. One waiting thread. */
final class Spinner {
    private final int max;
    private final int min;
    private final int spinsPerYield;
    private int budget;

    Spinner(WaitSettings settings) {
        max = settings.maxSpins();
        min = Math.min(max, Math.max(1, max / 16));
        spinsPerYield = settings.spinsPerYield();
        budget = max;
    }

    // With more threads than cores, the one that would make the condition true may be waiting for this core.
    @SuppressWarnings("ThreadPriorityCheck")
    private static void yieldCore() {
        Thread.yield();
    }

    /** Spins. @return whether the condition came true in time */
    boolean spin(BooleanSupplier condition) {
        if (condition.getAsBoolean()) {
            return true;
        }
        int yieldIn = spinsPerYield;
        for (int i = 0; i < budget; i++) {
            if (--yieldIn == 0) {
                yieldIn = spinsPerYield;
                yieldCore();
            } else {
                Thread.onSpinWait();
            }
            if (condition.getAsBoolean()) {
                budget = Math.min(max, budget + (budget >> 1) + 1);
                return true;
            }
        }
        budget = Math.max(min, budget >> 1);
        return false;
    }
}
