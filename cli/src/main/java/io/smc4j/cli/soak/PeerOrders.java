package io.smc4j.cli.soak;

import io.smc4j.SmcServerChannel;
import io.smc4j.cli.failure.Why;
import io.smc4j.cli.output.Json;
import io.smc4j.testkit.ObservedNode;
import io.smc4j.testkit.process.ParentProcess;
import io.smc4j.testkit.soak.Trouble;
import io.smc4j.testkit.soak.TroubleMaker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a peer does when it is told, and what it tells unasked. One thread. */
final class PeerOrders {
    /** More than the longest deadline in smc4j, which is that of a handshake. */
    private static final Duration TIME_TO_SETTLE = Duration.ofSeconds(75);

    private static final int SHUTDOWN_SECONDS = 30;
    private static final long STATUS_NANOS = 500_000_000L;
    private static final int MOST_EVIDENCE = 3;

    private final ObservedNode node;
    private final TroubleMaker trouble;
    private final SmcServerChannel listener;
    private final SoakTraffic traffic;
    private final Surroundings around;
    private final Evidence evidence;
    private final Path sharedMemory;
    private long lastStatus = System.nanoTime();
    private boolean toldStopped;

    PeerOrders(
            ObservedNode node,
            SmcServerChannel listener,
            SoakTraffic traffic,
            Surroundings around,
            Evidence evidence,
            Path sharedMemory) {
        this.node = node;
        this.trouble = new TroubleMaker(node);
        this.listener = listener;
        this.traffic = traffic;
        this.around = around;
        this.evidence = evidence;
        this.sharedMemory = sharedMemory;
    }

    /** @return whether that was the last order */
    boolean obey(Json order) throws InterruptedException {
        switch (order.text("order").orElse("")) {
            case "peer" -> traffic.peerPort(number(order, "port"));
            case "fault" ->
                trouble.make(
                        Trouble.valueOf(order.text("kind").orElse("")),
                        number(order, "argument"),
                        Duration.ofMillis(number(order, "millis")));
            case "heal" -> trouble.heal();
            case "evidence" ->
                say(
                        "evidence",
                        Json.object()
                                .put("file", evidence.collect(order.text("why").orElse(""))));
            case "stop" -> around.over().countDown();
            case "settle" -> settle();
            case "shutdown" -> {
                shutdown();
                return true;
            }
            default -> throw new IllegalArgumentException("an order that no peer knows: " + order);
        }
        return false;
    }

    /** Looks for what hangs, and says how it goes. */
    void look() {
        trouble.look();
        for (Activity hanging : around.watch().look()) {
            String stack = Evidence.stack(hanging.thread());
            String what = hanging.what() + "\n    " + stack;
            String file = evidence.count() < MOST_EVIDENCE ? evidence.collect(what) : "";
            say("hang", Json.object().put("what", what).put("file", file));
            hanging.giveUp();
        }
        if (System.nanoTime() - lastStatus > STATUS_NANOS) {
            lastStatus = System.nanoTime();
            status();
        }
        if (around.isOver() && traffic.running() == 0 && !toldStopped) {
            toldStopped = true;
            status();
            say("stopped", Json.object());
        }
    }

    private void status() {
        say(
                "status",
                Json.object()
                        .put("opened", traffic.opened())
                        .put("running", traffic.running())
                        .put("faults", Json.object(trouble.counts()))
                        .put("longestStallNanos", around.watch().longestNanos()));
    }

    /** With no connection left, link groups end by themselves and take their resources along. */
    private void settle() throws InterruptedException {
        String left = "";
        try {
            node.ledger().assertNoLinkGroupResources(TIME_TO_SETTLE);
        } catch (AssertionError e) {
            left = String.valueOf(e.getMessage());
        }
        long count = node.ledger().open().stream()
                .filter(entry -> entry.kind().ofLinkGroup())
                .count();
        tell("settled", left, (int) count);
    }

    private void shutdown() throws InterruptedException {
        listener.close();
        String left = "";
        int count = 0;
        try {
            Object _ = node.shutdown().toCompletableFuture().get(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            left += "the node did not shut down within " + SHUTDOWN_SECONDS + " s: " + Why.of(e) + "\n"
                    + node.actorTree();
            count++;
        }
        List<?> open = node.ledger().open();
        List<String> mapped = Evidence.mappings(sharedMemory);
        count += open.size() + mapped.size();
        for (Object entry : open) {
            left += "open: " + entry + "\n";
        }
        for (String mapping : mapped) {
            left += "mapped: " + mapping + "\n";
        }
        tell("closed", left, count);
    }

    private void tell(String event, String left, int count) {
        String file = left.isEmpty() ? "" : evidence.collect(left);
        say(event, Json.object().put("leaks", count).put("left", left).put("file", file));
    }

    private static int number(Json order, String name) {
        return order.number(name).map(Number::intValue).orElse(0);
    }

    private static void say(String event, Json content) {
        Json line = Json.object().put("event", event);
        content.asMap().forEach(line::put);
        ParentProcess.say(line.toString());
    }
}
