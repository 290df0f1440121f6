package io.smc4j.benchmarks.perf.peer;

import io.smc4j.benchmarks.perf.plan.Work;

/**
 * One transport under test, in one of the two child processes. Commands come from one thread, one at a time: the server process
 * gets {@link #serve} and {@link #stop} in turns, the client process {@link #open} or {@link #connectOnce}.
 */
public interface Peer extends AutoCloseable {
    /** Starts to serve. @return where: what the client's {@link #open} takes */
    String serve(Work work) throws Exception;

    /** Ends what {@link #serve} began, with all connections. @throws IOException what went wrong while serving, if something did */
    void stop() throws Exception;

    /** Opens all connections of {@code work}; returns when they can be used. */
    Session open(Work work, String address) throws Exception;

    /** Connects, reads the one byte that the server sends when it has accepted, closes. @return nanoseconds till the byte was there */
    default long connectOnce(String address) throws Exception {
        throw new UnsupportedOperationException("no connections to set up here");
    }

    @Override
    void close();

    /** The client's connections. */
    interface Session extends AutoCloseable {
        /** Exchanges on connection i until {@code exchanges[i]} has enough; returns when all have. */
        void run(Exchanges[] exchanges) throws Exception;

        @Override
        void close();
    }
}
