package io.smc4j.benchmarks.perf.run;

/** A child process died, hangs or says that it failed. The message names it and says why. */
final class ChildTrouble extends Exception {
    private static final long serialVersionUID = 1L;

    ChildTrouble(String message) {
        super(message);
    }
}
