package io.smc4j.cli.stream;

import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.SmcServerChannel;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.function.Predicate;

/** Accepts connections and gives each a thread of its own, up to a limit; clients beyond it wait in the backlog. */
public final class AcceptLoop {
    private final SmcServerChannel server;
    private final Semaphore slots;
    private final ThreadFactory threads;
    private volatile boolean done;

    /** @param name of the threads, with a number behind it */
    public AcceptLoop(SmcServerChannel server, int maxConnections, String name) {
        this.server = server;
        this.slots = new Semaphore(maxConnections);
        // Platform threads: a blocking call of smc4j may wait in native code, which would hold a virtual thread's
        // carrier.
        this.threads = Thread.ofPlatform().daemon().name(name + "-", 1).factory();
    }

    /**
     * Runs until the server channel is closed or {@code handler} answers true, which closes it.
     *
     * @param handler serves one connection on its own thread and closes it; true ends the loop
     * @throws SmcException if accepting failed although nobody ended the loop
     */
    public void run(Predicate<SmcChannel> handler) throws SmcException, InterruptedException {
        while (!done) {
            slots.acquire();
            SmcChannel channel;
            try {
                channel = server.acceptBlocking();
            } catch (SmcException e) {
                if (done) {
                    return;
                }
                throw e;
            }
            threads.newThread(() -> serve(channel, handler)).start();
        }
    }

    private void serve(SmcChannel channel, Predicate<SmcChannel> handler) {
        try {
            if (handler.test(channel)) {
                done = true;
                server.close();
            }
        } finally {
            slots.release();
        }
    }
}
