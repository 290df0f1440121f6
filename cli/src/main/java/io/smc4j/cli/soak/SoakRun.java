package io.smc4j.cli.soak;

import io.smc4j.cli.command.CliContext;
import io.smc4j.cli.failure.CliFailure;
import io.smc4j.cli.output.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One run: starts the peers, disturbs them, ends everything in order and keeps the books. One thread, which all events go to. */
final class SoakRun implements AutoCloseable {
    private static final Duration TIME_TO_START = Duration.ofSeconds(60);
    private static final Duration TIME_TO_SETTLE = Duration.ofSeconds(90);
    private static final Duration TIME_TO_CLOSE = Duration.ofSeconds(75);
    private static final Duration SLACK = Duration.ofSeconds(15);
    private static final long WARM_DOWN_MILLIS = 1500;
    private static final long IDLE_MILLIS = 3000;
    /** Of one core, per peer: timers of the actor system and the looks of the owners. */
    private static final double MOST_IDLE_CPU = 0.15;

    /** Something a peer said. */
    private record Event(PeerProcess from, Json content) {}

    private final SoakOptions options;
    private final PeerStarter starter;
    private final SoakProgress progress;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final @Nullable PeerProcess[] peers = new PeerProcess[2];
    private final PeerState[] states = {new PeerState(), new PeerState()};
    private final FaultHistory history = new FaultHistory();
    private final Books books;
    private final FaultDriver driver;
    private boolean stopping;
    private int restarts;
    private int hangs;
    private int leaks;
    private double idleCpu;
    private long trafficNanos;

    SoakRun(CliContext context, SoakOptions options, Path sharedMemory) {
        this.options = options;
        this.starter = new PeerStarter(
                context, options, sharedMemory, (from, content) -> events.add(new Event(from, content)));
        this.books = new Books(options.seed(), options.transports(), history);
        this.progress = new SoakProgress(context, options);
        this.driver = new FaultDriver(
                new FaultSchedule(options.seed(), options.faults(), options.faultsPerSecond()), history, this::peer);
    }

    /** Runs it. @throws CliFailure if the peers cannot even be started */
    SoakResult run() throws CliFailure, InterruptedException {
        peers[0] = starter.start(0, 0);
        peers[1] = starter.start(1, 0);
        if (!until(() -> states[0].port != 0 && states[1].port != 0, TIME_TO_START)) {
            throw CliFailure.failed("the peers did not start within " + TIME_TO_START.toSeconds() + " s: "
                    + String.join("; ", books.problems()) + lastWords());
        }
        traffic();
        stopping = true;
        end();
        books.close();
        return new SoakResult(options, books, history, stalls(), hangs, leaks, restarts, idleCpu, trafficNanos);
    }

    private void traffic() throws InterruptedException {
        long start = System.nanoTime();
        long length = TimeUnit.SECONDS.toNanos(options.seconds());
        for (long now = 0; now < length; now = System.nanoTime() - start) {
            long millis = TimeUnit.NANOSECONDS.toMillis(now);
            for (PeerProcess killed : driver.advance(millis)) {
                restart(killed);
            }
            long wait = Math.min(driver.millisUntilNext(millis), (length - now) / 1_000_000 + 1);
            handle(events.poll(Math.max(1, wait), TimeUnit.MILLISECONDS));
            progress.show(now, books, history, states);
        }
        trafficNanos = System.nanoTime() - start;
        driver.undoAll();
        progress.close();
    }

    private void end() throws InterruptedException {
        until(() -> Arrays.stream(states).allMatch(state -> state.port != 0), TIME_TO_START);
        Duration longest = Duration.ofSeconds(2 * options.hangSeconds()).plus(SLACK);
        step("stop", longest, "its connections did not all end", state -> state.stopped);
        step("settle", TIME_TO_SETTLE, "it did not say what is left", state -> state.settled);
        until(() -> false, Duration.ofMillis(WARM_DOWN_MILLIS));
        measureIdle();
        step("shutdown", TIME_TO_CLOSE, "it did not shut down", state -> state.closed);
        until(() -> Arrays.stream(states).allMatch(state -> state.ended), SLACK);
    }

    private void step(String order, Duration limit, String otherwise, java.util.function.Predicate<PeerState> done)
            throws InterruptedException {
        for (int i = 0; i < peers.length; i++) {
            peer(i).order(Json.object().put("order", order));
        }
        until(() -> Arrays.stream(states).allMatch(state -> state.ended || done.test(state)), limit);
        for (int i = 0; i < peers.length; i++) {
            if (!states[i].ended && !done.test(states[i])) {
                hangs++;
                books.problem(peer(i).name() + ": " + otherwise + " within " + limit.toSeconds() + " s");
                peer(i).order(Json.object().put("order", "evidence").put("why", otherwise));
            }
        }
    }

    private void measureIdle() throws InterruptedException {
        Duration[] before = {cpu(0), cpu(1)};
        long start = System.nanoTime();
        until(() -> false, Duration.ofMillis(IDLE_MILLIS));
        double nanos = System.nanoTime() - start;
        for (int i = 0; i < peers.length; i++) {
            idleCpu = Math.max(idleCpu, cpu(i).minus(before[i]).toNanos() / nanos);
        }
        if (idleCpu > MOST_IDLE_CPU) {
            books.problem("an idle peer uses %.0f %% of a core".formatted(idleCpu * 100));
        }
    }

    private Duration cpu(int peer) {
        return peer(peer).cpuTime().orElse(Duration.ZERO);
    }

    private void restart(PeerProcess killed) {
        int index = killed.peer();
        restarts++;
        states[index] = new PeerState(states[index]);
        peers[index] = starter.start(index, killed.incarnation() + 1);
    }

    private PeerProcess peer(int index) {
        return Objects.requireNonNull(peers[index], "peers are started first");
    }

    private long stalls() {
        return Arrays.stream(states)
                .mapToLong(state -> state.longestStallNanos)
                .max()
                .orElse(0);
    }

    // ---- events ----

    /** Handles events until something is so, or the time is over. @return whether it is so */
    private boolean until(BooleanSupplier so, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!so.getAsBoolean()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            handle(events.poll(left, TimeUnit.NANOSECONDS));
        }
        return true;
    }

    private void handle(@Nullable Event event) {
        if (event == null) {
            return;
        }
        int index = event.from().peer();
        boolean current = event.from() == peers[index];
        Json content = event.content();
        PeerState state = states[index];
        switch (content.text("event").orElse("")) {
            case "end" -> books.accept(EndReport.of(content)); // also of a process that is dead by now
            case "listening" -> {
                if (current) {
                    state.port = number(content, "port").intValue();
                    introduce();
                }
            }
            case "status" -> {
                state.status(number(content, "running").intValue(), number(content, "longestStallNanos"));
                history.struck(event.from(), content.numbers("faults"));
            }
            case "hang" -> {
                hangs++;
                trouble(event.from(), "hangs: " + content.text("what").orElse(""), content);
                peer(1 - index)
                        .order(Json.object()
                                .put("order", "evidence")
                                .put(
                                        "why",
                                        event.from().name() + " hangs: "
                                                + content.text("what").orElse("")));
            }
            case "stopped" -> state.stopped = true;
            case "settled" -> {
                state.settled = true;
                left(event.from(), "after its last connection ended", content);
            }
            case "closed" -> {
                state.closed = true;
                left(event.from(), "after its node was shut down", content);
            }
            case PeerProcess.ENDED -> ended(event.from(), current, state);
            default -> {}
        }
    }

    private void introduce() {
        for (int i = 0; i < peers.length; i++) {
            if (states[1 - i].port != 0) {
                peer(i).order(Json.object().put("order", "peer").put("port", states[1 - i].port));
            }
        }
    }

    private void left(PeerProcess from, String when, Json content) {
        int count = number(content, "leaks").intValue();
        if (count > 0) {
            leaks += count;
            trouble(
                    from,
                    "has %d things left %s:%n%s"
                            .formatted(count, when, content.text("left").orElse("")),
                    content);
        }
    }

    private void trouble(PeerProcess from, String what, Json content) {
        String file = content.text("file").orElse("");
        books.problem(from.name() + " " + what + (file.isEmpty() ? "" : "\n    evidence: " + file));
    }

    private void ended(PeerProcess from, boolean current, PeerState state) {
        if (!current || driver.killed(from)) {
            return;
        }
        state.ended = true;
        if (!stopping || !state.closed) {
            books.problem(
                    from.name() + " ended by itself; it said last:\n    " + String.join("\n    ", from.lastWords()));
        }
    }

    private String lastWords() {
        return String.join(
                System.lineSeparator(),
                Arrays.stream(peers)
                        .filter(Objects::nonNull)
                        .flatMap(peer -> peer.lastWords().stream())
                        .toList());
    }

    private static Long number(Json json, String name) {
        return json.number(name).map(Number::longValue).orElse(0L);
    }

    @Override
    public void close() {
        for (PeerProcess peer : peers) {
            if (peer != null) {
                peer.close();
            }
        }
    }
}
