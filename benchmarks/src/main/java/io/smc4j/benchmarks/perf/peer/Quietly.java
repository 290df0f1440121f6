package io.smc4j.benchmarks.perf.peer;

/** Closes what is of no use any more; that it could not be closed changes no figure. */
final class Quietly {
    private Quietly() {}

    static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception _) {
            // As the class says.
        }
    }
}
