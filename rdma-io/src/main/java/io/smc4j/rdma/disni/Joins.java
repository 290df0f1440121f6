package io.smc4j.rdma.disni;

/** Waiting for the end of a device's own threads, which look at their end mark every quarter of a second. */
final class Joins {
    private Joins() {}

    static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
