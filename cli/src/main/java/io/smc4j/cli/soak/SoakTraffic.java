package io.smc4j.cli.soak;

import io.smc4j.ConnectOptions;
import io.smc4j.ConnectionInfo;
import io.smc4j.Smc;
import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.SmcServerChannel;
import io.smc4j.cli.soak.EndReport.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** All connections of a peer: opens them in a number of slots, accepts those of the other, and passes every end's report on. */
final class SoakTraffic {
    private static final int PAUSE_MILLIS = 30;
    private static final int AFTER_REFUSAL_MILLIS = 200;
    private static final int BURST_ODDS = 40;
    private static final int BURST = 12;
    private static final int CANCEL_ODDS = 40;
    private static final int CANCEL_MILLIS = 20;

    private final Surroundings around;
    private final Smc smc;
    private final SmcServerChannel listener;
    private final Consumer<EndReport> reports;
    private final AtomicLong counter = new AtomicLong();
    private final AtomicInteger running = new AtomicInteger();
    private volatile int peerPort;

    /** @param reports told of every end, from any thread */
    SoakTraffic(Surroundings around, Smc smc, SmcServerChannel listener, Consumer<EndReport> reports) {
        this.around = around;
        this.smc = smc;
        this.listener = listener;
        this.reports = reports;
    }

    /** Where the other peer listens. */
    void peerPort(int port) {
        peerPort = port;
    }

    void start(int slots) {
        Thread.ofPlatform().daemon().name("soak-accept").start(this::acceptAll);
        for (int slot = 0; slot < slots; slot++) {
            int number = slot;
            go(() -> fillSlot(number));
        }
    }

    /** Ends and slots that still run. */
    int running() {
        return running.get();
    }

    long opened() {
        return counter.get();
    }

    private interface Code {
        void run() throws InterruptedException;
    }

    private void go(Code code) {
        running.incrementAndGet();
        Thread.ofVirtual().start(() -> {
            try {
                code.run();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt(); // given up, and reported by the watch
            } finally {
                running.decrementAndGet();
            }
        });
    }

    private void fillSlot(int slot) throws InterruptedException {
        RandomGenerator random = ConnectionPlan.generator(around.seed(), ~(long) slot, around.peer());
        while (!around.pause(random.nextInt(PAUSE_MILLIS))) {
            if (peerPort == 0) {
                continue;
            }
            int burst = random.nextInt(BURST_ODDS) == 0 ? BURST : 1;
            CountDownLatch all = new CountDownLatch(burst);
            AtomicInteger refused = new AtomicInteger();
            for (int i = 0; i < burst; i++) {
                ConnectionPlan plan = ConnectionPlan.of(
                        around.seed(),
                        ConnectionPlan.id(around.peer(), around.incarnation(), counter.getAndIncrement()),
                        around.transports());
                go(() -> {
                    try {
                        EndReport report = initiate(plan);
                        if (report.result() == Result.REFUSED) {
                            refused.incrementAndGet();
                        }
                        reports.accept(report);
                    } finally {
                        all.countDown();
                    }
                });
            }
            all.await();
            if (refused.get() > 0 && around.pause(AFTER_REFUSAL_MILLIS)) {
                return;
            }
        }
    }

    private EndReport initiate(ConnectionPlan plan) throws InterruptedException {
        String asked = plan.transport().label();
        CompletableFuture<SmcChannel> connecting = smc.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), peerPort),
                        ConnectOptions.defaults().withTransport(plan.transport()))
                .toCompletableFuture();
        RandomGenerator random = ConnectionPlan.generator(around.seed(), plan.id(), 7);
        if (random.nextInt(CANCEL_ODDS) == 0) {
            boolean _ = around.pause(random.nextInt(CANCEL_MILLIS));
            if (connecting.cancel(true)) {
                return EndReport.without(plan.id(), true, asked, Result.REFUSED, "the connect was cancelled");
            }
        }
        Activity activity = around.watch()
                .begin(
                        "connect of connection %d (%s)".formatted(plan.id(), plan),
                        () -> connecting.completeExceptionally(new IOException("hung")));
        SmcChannel channel;
        try {
            channel = connecting.get();
        } catch (ExecutionException e) {
            boolean wrong = !(e.getCause() instanceof SmcException smc)
                    || smc.category() == SmcException.Category.BUG
                    || smc.category() == SmcException.Category.CONFIGURATION;
            return EndReport.without(
                    plan.id(), true, asked, wrong ? Result.WRONG : Result.REFUSED, "connect: " + Reasons.of(e));
        } finally {
            around.watch().end(activity);
        }
        return new SoakConnection(around, channel, plan, true).run();
    }

    private void acceptAll() {
        while (true) {
            try {
                SmcChannel channel = listener.acceptBlocking();
                go(() -> reports.accept(accept(channel)));
            } catch (SmcException _) {
                return; // closed
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private EndReport accept(SmcChannel channel) throws InterruptedException {
        ConnectionInfo info = channel.info();
        String transport = info.transport().label();
        Activity activity = around.watch()
                .begin(
                        "read of the header of an accepted %s connection from %s to %s%s"
                                .formatted(
                                        transport,
                                        info.remote(),
                                        info.local(),
                                        info.linkGroup()
                                                .map(group -> ", link group " + group.id())
                                                .orElse("")),
                        channel::abort);
        long id;
        try {
            id = Header.read(channel);
        } catch (SmcException e) {
            boolean wrong = e.category() != SmcException.Category.RECONNECT;
            channel.close();
            return EndReport.without(
                    -1,
                    false,
                    transport,
                    wrong ? Result.WRONG : Result.NAMELESS,
                    "before its header: " + Reasons.of(e));
        } catch (IOException e) {
            channel.abort();
            return EndReport.without(-1, false, transport, Result.WRONG, Reasons.of(e));
        } finally {
            around.watch().end(activity);
        }
        if (id < 0) {
            channel.close();
            return EndReport.without(-1, false, transport, Result.NAMELESS, "it ended before its header");
        }
        ConnectionPlan plan = ConnectionPlan.of(around.seed(), id, around.transports());
        return new SoakConnection(around, channel, plan, false).run();
    }
}
