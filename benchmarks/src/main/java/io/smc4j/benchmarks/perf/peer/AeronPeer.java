package io.smc4j.benchmarks.perf.peer;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.smc4j.benchmarks.perf.plan.Work;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Aeron IPC: a publication and a subscription for each direction. The media driver runs in the server's process, on one thread
 * (SHARED, the mode for few cores) with its default idle strategy, and only while it is being measured. Everything else is Aeron's
 * default; {@code idle} is what the two application threads do while there is nothing to poll.
 */
final class AeronPeer implements Peer {
    private static final int FIRST_STREAM = 1001;

    private final Path directory;
    private final Supplier<IdleStrategy> idle;
    private final List<Thread> servers = new ArrayList<>();
    private @Nullable MediaDriver driver;
    private @Nullable Aeron serverAeron;
    private volatile boolean stopping;
    private volatile @Nullable RuntimeException failure;

    AeronPeer(Path directory, Supplier<IdleStrategy> idle) {
        this.directory = directory;
        this.idle = idle;
    }

    @Override
    public String serve(Work work) {
        Path aeronDirectory =
                directory.resolve("aeron-" + ProcessHandle.current().pid());
        MediaDriver started = MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(aeronDirectory.toString())
                .threadingMode(ThreadingMode.SHARED)
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true));
        driver = started;
        Aeron aeron = connect(started.aeronDirectoryName());
        serverAeron = aeron;
        stopping = false;
        failure = null;
        for (int i = 0; i < work.connections(); i++) {
            AeronPipe pipe = new AeronPipe(aeron, responseStream(i), requestStream(i), idle.get());
            AeronResponder responder = new AeronResponder(pipe, work);
            servers.add(Thread.ofPlatform().daemon().name("serve-" + i).start(() -> serve(responder)));
        }
        return started.aeronDirectoryName();
    }

    private void serve(AeronResponder responder) {
        try {
            while (!stopping) {
                responder.poll();
            }
        } catch (RuntimeException e) {
            if (!stopping) {
                failure = e;
            }
        }
    }

    @Override
    public void stop() throws InterruptedException {
        stopping = true;
        for (Thread thread : servers) {
            thread.join();
        }
        servers.clear();
        if (serverAeron != null) {
            serverAeron.close();
            serverAeron = null;
        }
        if (driver != null) {
            driver.close();
            driver = null;
        }
        RuntimeException failed = failure;
        if (failed != null) {
            throw failed;
        }
    }

    @Override
    public Session open(Work work, String address) {
        Aeron aeron = connect(address);
        List<AeronRequester> requesters = new ArrayList<>();
        for (int i = 0; i < work.connections(); i++) {
            requesters.add(
                    new AeronRequester(new AeronPipe(aeron, requestStream(i), responseStream(i), idle.get()), work));
        }
        requesters.forEach(requester -> requester.pipe().awaitConnected());
        return new AeronSession(aeron, requesters);
    }

    private static Aeron connect(String aeronDirectory) {
        return Aeron.connect(new Aeron.Context().aeronDirectoryName(aeronDirectory));
    }

    private static int requestStream(int connection) {
        return FIRST_STREAM + 2 * connection;
    }

    private static int responseStream(int connection) {
        return requestStream(connection) + 1;
    }

    static String channel() {
        return CommonContext.IPC_CHANNEL;
    }

    @Override
    public void close() {
        Quietly.close(this::stop);
    }

    private record AeronSession(Aeron aeron, List<AeronRequester> requesters) implements Session {
        @Override
        public void run(Exchanges[] exchanges) throws InterruptedException {
            if (exchanges.length == 1) {
                requesters.getFirst().run(exchanges[0]);
                return;
            }
            List<Thread> threads = new ArrayList<>();
            RuntimeException[] failures = new RuntimeException[exchanges.length];
            CountDownLatch together = new CountDownLatch(1);
            for (int i = 0; i < exchanges.length; i++) {
                int index = i;
                threads.add(Thread.ofPlatform().daemon().name("request-" + i).start(() -> {
                    try {
                        together.await();
                        requesters.get(index).run(exchanges[index]);
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    } catch (RuntimeException e) {
                        failures[index] = e;
                    }
                }));
            }
            together.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
            for (RuntimeException failed : failures) {
                if (failed != null) {
                    throw failed;
                }
            }
        }

        @Override
        public void close() {
            aeron.close();
        }
    }
}
