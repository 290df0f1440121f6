package io.smc4j.benchmarks.perf.run;

import io.smc4j.cli.output.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One child process: takes commands and answers, one line of JSON each. One thread at a time asks; {@link #end} from any. */
final class Child {
    /** One may write an archive before. */
    private static final Duration TIME_TO_END = Duration.ofSeconds(20);

    private static final Duration TIME_TO_DIE = Duration.ofSeconds(5);
    private static final int KEPT_LINES = 20;
    private static final int SIGNAL = 128;
    private static final String ENDED = "ended";

    private final String name;
    private final Process process;
    private final Writer input;
    private final BlockingQueue<Json> events = new LinkedBlockingQueue<>();
    private final Deque<String> lastErrors = new ArrayDeque<>();
    private final Thread errorReader;

    private Child(String name, Process process, PrintStream passErrorsTo, boolean debug) {
        this.name = name;
        this.process = process;
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        this.errorReader =
                Thread.ofPlatform().daemon().name(name + "-stderr").start(() -> readErrors(passErrorsTo, debug));
        Thread.ofPlatform().daemon().name(name + "-stdout").start(this::readEvents);
    }

    /** Starts {@code command} under a name for messages. @throws ChildTrouble if that is not possible */
    static Child start(String name, List<String> command, PrintStream err, boolean debug) throws ChildTrouble {
        try {
            return new Child(name, new ProcessBuilder(command).start(), err, debug);
        } catch (IOException e) {
            throw new ChildTrouble("cannot start the " + name + " process: " + e.getMessage());
        }
    }

    /** Sends a command and waits for its answer. */
    Json ask(Json command, Duration limit) throws ChildTrouble, InterruptedException {
        String what = command.text("do").orElse("?");
        send(command, what);
        return answer(what, limit);
    }

    /** Waits until it has started. */
    void awaitReady(Duration limit) throws ChildTrouble, InterruptedException {
        answer("start", limit);
    }

    private void send(Json command, String what) throws ChildTrouble, InterruptedException {
        try {
            synchronized (input) {
                input.write(command + "\n");
                input.flush();
            }
        } catch (IOException _) {
            throw new ChildTrouble(obituary(what));
        }
    }

    private Json answer(String what, Duration limit) throws ChildTrouble, InterruptedException {
        while (true) {
            Json event = events.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (event == null) {
                throw new ChildTrouble("the " + name + " process (pid " + process.pid() + ") hangs: no answer to '"
                        + what + "' within " + limit.toSeconds() + " s" + lastWords());
            }
            switch (event.text("event").orElse("")) {
                case "done", "ready" -> {
                    return event;
                }
                case "failed" ->
                    throw new ChildTrouble("the " + name + " process failed at '" + what + "': "
                            + event.text("why").orElse("it does not say why"));
                case ENDED -> {
                    events.add(event); // whoever asks again hears it again
                    throw new ChildTrouble(obituary(what));
                }
                default -> {
                    // A library printed something.
                }
            }
        }
    }

    private String obituary(String what) throws InterruptedException {
        process.waitFor(TIME_TO_DIE.toMillis(), TimeUnit.MILLISECONDS);
        errorReader.join(TIME_TO_DIE);
        String how = "closed its output";
        if (!process.isAlive()) {
            int code = process.exitValue();
            how = code > SIGNAL ? "was killed by signal " + (code - SIGNAL) : "ended with exit code " + code;
        }
        return "the " + name + " process (pid " + process.pid() + ") " + how + " at '" + what + "'" + lastWords();
    }

    private String lastWords() {
        synchronized (lastErrors) {
            return lastErrors.isEmpty() ? "" : "; it said: " + String.join(" | ", lastErrors);
        }
    }

    /** Asks it to end; {@link #end} waits for it. */
    void askToEnd() {
        try {
            synchronized (input) {
                input.write(Json.object().put("do", "exit") + "\n");
                input.close();
            }
        } catch (IOException _) {
            // It has ended by itself.
        }
    }

    /** Ends it, by force if it does not end when asked. Idempotent. */
    void end() {
        try {
            if (!process.waitFor(TIME_TO_END.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroy();
                if (!process.waitFor(TIME_TO_END.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly().waitFor(TIME_TO_DIE.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it at once: it hangs. */
    void kill() {
        process.destroyForcibly();
    }

    private void readEvents() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            lines.lines().forEach(line -> events.add(event(line)));
        } catch (UncheckedIOException | IOException _) {
            // The process is gone; so is the pipe.
        }
        events.add(Json.object().put("event", ENDED));
    }

    private static Json event(String line) {
        try {
            return Json.parse(line);
        } catch (IllegalArgumentException _) {
            return Json.object();
        }
    }

    private void readErrors(PrintStream err, boolean debug) {
        try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
            lines.lines().forEach(line -> {
                synchronized (lastErrors) {
                    lastErrors.add(line);
                    if (lastErrors.size() > KEPT_LINES) {
                        lastErrors.removeFirst();
                    }
                }
                if (debug) {
                    err.println(name + ": " + line);
                }
            });
        } catch (UncheckedIOException | IOException _) {
            // As above.
        }
    }
}
