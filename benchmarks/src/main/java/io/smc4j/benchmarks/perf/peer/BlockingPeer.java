package io.smc4j.benchmarks.perf.peer;

import io.smc4j.benchmarks.perf.plan.Work;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A peer whose connections are used by blocking calls, a platform thread for each. Subclasses say how to listen and to connect. */
abstract class BlockingPeer implements Peer {
    private final List<Wire> accepted = new ArrayList<>();
    private final List<Thread> servers = new ArrayList<>();
    private @Nullable Acceptor acceptor;
    private volatile boolean stopping;
    private volatile @Nullable Exception failure;

    /** Something that listens. */
    interface Acceptor extends AutoCloseable {
        String address() throws IOException;

        /** The next connection; fails when closed. */
        Wire accept() throws Exception;

        @Override
        void close();
    }

    abstract Acceptor listen() throws Exception;

    abstract Wire connect(String address) throws Exception;

    @Override
    public final String serve(Work work) throws Exception {
        Acceptor listening = listen();
        stopping = false;
        failure = null;
        acceptor = listening;
        start("accept", () -> accept(listening, work));
        return listening.address();
    }

    private void accept(Acceptor listening, Work work) throws Exception {
        while (!stopping) {
            Wire wire = listening.accept();
            switch (work.shape()) {
                case EXCHANGE -> {
                    keep(wire);
                    start("serve", () -> {
                        try (wire) {
                            Responder.run(wire, work);
                        }
                    });
                }
                case CONNECT -> {
                    try (wire) {
                        wire.write(ByteBuffer.allocate(1));
                    }
                }
                case HOLD -> {
                    keep(wire);
                    wire.answerWithoutThread(work.request());
                }
            }
        }
    }

    @Override
    public final void stop() throws Exception {
        stopping = true;
        if (acceptor != null) {
            acceptor.close();
            acceptor = null;
        }
        List<Thread> threads;
        synchronized (accepted) {
            accepted.forEach(Wire::close);
            accepted.clear();
            threads = List.copyOf(servers);
            servers.clear();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Exception failed = failure;
        if (failed != null) {
            throw failed;
        }
    }

    private void keep(Wire wire) {
        synchronized (accepted) {
            accepted.add(wire);
        }
    }

    private interface Task {
        void run() throws Exception;
    }

    private void start(String name, Task task) {
        Thread thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> {
            try {
                task.run();
            } catch (Exception e) { // whatever a transport throws; stop() reports it
                if (!stopping) {
                    failure = e;
                }
            }
        });
        synchronized (accepted) {
            servers.removeIf(ended -> ended.getState() == Thread.State.TERMINATED);
            servers.add(thread);
        }
        thread.start();
    }

    @Override
    public final Session open(Work work, String address) throws Exception {
        List<Wire> wires = new ArrayList<>();
        try {
            connect(address, work.connections(), wires::add);
        } catch (Exception e) {
            wires.forEach(Wire::close);
            throw e;
        }
        return new BlockingSession(
                wires.stream().map(wire -> new Requester(wire, work)).toList());
    }

    /** Several connections; those that are made are given away, whatever becomes of the others. */
    void connect(String address, int count, Consumer<Wire> made) throws Exception {
        for (int i = 0; i < count; i++) {
            made.accept(connect(address));
        }
    }

    @Override
    public long connectOnce(String address) throws Exception {
        ByteBuffer one = ByteBuffer.allocate(1);
        long start = System.nanoTime();
        try (Wire wire = connect(address)) {
            if (!wire.fill(one)) {
                throw new IOException("the server closed the connection before its first byte");
            }
            return System.nanoTime() - start;
        }
    }

    private record BlockingSession(List<Requester> requesters) implements Session {
        @Override
        public void run(Exchanges[] exchanges) throws Exception {
            if (exchanges.length == 1) {
                requesters.getFirst().run(exchanges[0]);
                return;
            }
            List<Thread> threads = new ArrayList<>();
            Exception[] failures = new Exception[exchanges.length];
            CountDownLatch together = new CountDownLatch(1);
            for (int i = 0; i < exchanges.length; i++) {
                int index = i;
                threads.add(Thread.ofPlatform().daemon().name("request-" + i).start(() -> {
                    try {
                        together.await();
                        requesters.get(index).run(exchanges[index]);
                    } catch (Exception e) { // reported below, on the caller's thread
                        failures[index] = e;
                    }
                }));
            }
            together.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
            for (Exception failed : failures) {
                if (failed != null) {
                    throw failed;
                }
            }
        }

        @Override
        public void close() {
            requesters.forEach(requester -> requester.wire().close());
        }
    }
}
