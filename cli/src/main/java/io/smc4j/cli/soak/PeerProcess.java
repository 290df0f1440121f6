package io.smc4j.cli.soak;

import io.smc4j.cli.output.Json;
import io.smc4j.testkit.process.ChildFailure;
import io.smc4j.testkit.process.ChildJvm;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** One incarnation of a peer's process, as the command's own process sees it. Events come on a thread of its own. */
final class PeerProcess implements AutoCloseable {
    /** What is said when the process has ended, however it did. */
    static final String ENDED = "ended";

    private static final Duration FOREVER = Duration.ofDays(1);
    private static final int LAST_LINES = 30;

    private final int peer;
    private final int incarnation;
    private final ChildJvm process;

    /** @param events told everything it says, and at last {@link #ENDED} */
    PeerProcess(int peer, int incarnation, ChildJvm process, BiConsumer<PeerProcess, Json> events) {
        this.peer = peer;
        this.incarnation = incarnation;
        this.process = process;
        Thread.ofPlatform().daemon().name("soak-events-" + peer).start(() -> listen(events));
    }

    int peer() {
        return peer;
    }

    int incarnation() {
        return incarnation;
    }

    String name() {
        return "peer " + peer + " (pid " + process.pid() + ")";
    }

    /** Passes an order on; a process that is gone hears nothing. */
    void order(Json order) {
        try {
            process.send(order.toString());
        } catch (ChildFailure _) {
            // Its end is an event of its own.
        }
    }

    void pause() throws InterruptedException {
        if (process.isAlive()) {
            process.pause();
        }
    }

    void resume() throws InterruptedException {
        if (process.isAlive()) {
            process.resume();
        }
    }

    void kill() throws InterruptedException {
        process.kill();
    }

    Optional<Duration> cpuTime() {
        return process.cpuTime();
    }

    int awaitExit(Duration limit) throws InterruptedException {
        return process.awaitExit(limit);
    }

    /** What it said last on standard error. */
    List<String> lastWords() {
        List<String> errors = process.output().stream()
                .filter(line -> line.startsWith("err: "))
                .toList();
        return errors.subList(Math.max(0, errors.size() - LAST_LINES), errors.size());
    }

    @Override
    public void close() {
        process.close();
    }

    private void listen(BiConsumer<PeerProcess, Json> events) {
        try {
            while (true) {
                String line = process.awaitLine(_ -> true, FOREVER);
                events.accept(this, event(line));
            }
        } catch (ChildFailure _) {
            events.accept(this, Json.object().put("event", ENDED));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static Json event(String line) {
        try {
            return Json.parse(line);
        } catch (IllegalArgumentException _) {
            return Json.object().put("event", "noise").put("line", line);
        }
    }
}
