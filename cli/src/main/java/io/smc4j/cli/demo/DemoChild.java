package io.smc4j.cli.demo;

import io.smc4j.cli.failure.CliFailure;
import io.smc4j.cli.output.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A process of the demo: this same command in a JVM of its own, which reports events as lines of JSON and ends when this process
 * does. Used by one thread; {@link #close} from any.
 */
final class DemoChild implements AutoCloseable {
    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final Duration TIME_TO_END = Duration.ofSeconds(10);
    private static final Duration MOMENT = Duration.ofMillis(500);
    private static final int SIGNAL = 128;
    private static final int KEPT_LINES = 20;
    private static final String END = "process ended";

    private final String name;
    private final Process process;
    private final BlockingQueue<Json> events = new LinkedBlockingQueue<>();
    private final List<String> lastErrors = new ArrayList<>();
    private final PrintStream err;
    private final boolean debug;
    private final Thread errorReader;

    private DemoChild(String name, Process process, PrintStream err, boolean debug) {
        this.name = name;
        this.process = process;
        this.err = err;
        this.debug = debug;
        this.errorReader = Thread.ofPlatform().daemon().name(name + "-stderr").start(this::readErrors);
        Thread.ofPlatform().daemon().name(name + "-stdout").start(this::readEvents);
    }

    /** Starts {@code mainClass} in the Java of this process, with its class path. */
    static DemoChild start(String name, Class<?> mainClass, List<String> arguments, PrintStream err, boolean debug)
            throws CliFailure {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData", // its file in the temporary directory would outlive a killed process
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                mainClass.getName()));
        command.addAll(arguments);
        try {
            return new DemoChild(name, new ProcessBuilder(command).start(), err, debug);
        } catch (IOException e) {
            throw CliFailure.failed("cannot start the " + name + " process: " + e.getMessage(), e);
        }
    }

    long pid() {
        return process.pid();
    }

    /**
     * The next event called {@code event}.
     *
     * @param others told every event before it
     * @throws CliFailure if the process ended, or said nothing for too long
     */
    Json await(String event, Consumer<Json> others) throws CliFailure, InterruptedException {
        while (true) {
            Json next = events.poll(SILENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (next == null) {
                throw CliFailure.failed("the " + name + " process (pid " + pid() + ") said nothing for "
                        + SILENCE.toSeconds() + " s, while '" + event + "' was expected");
            }
            String what = next.text("event").orElse("");
            if (what.equals(event)) {
                return next;
            }
            if (what.equals(END)) {
                events.add(next); // whoever asks again hears it again
                throw CliFailure.failed(obituary());
            }
            others.accept(next);
        }
    }

    /** Waits for its orderly end. @throws CliFailure if it does not come, or the exit code is not 0 */
    void awaitEnd() throws CliFailure, InterruptedException {
        if (!process.waitFor(TIME_TO_END.toMillis(), TimeUnit.MILLISECONDS)) {
            throw CliFailure.failed("the " + name + " process (pid " + pid() + ") did not end by itself within "
                    + TIME_TO_END.toSeconds() + " s");
        }
        if (process.exitValue() != 0) {
            throw CliFailure.failed(obituary());
        }
    }

    /** Whether it has been killed by a signal, or ended badly; waits shortly for what may be about to show. */
    boolean isDead() throws InterruptedException {
        return process.waitFor(MOMENT.toMillis(), TimeUnit.MILLISECONDS) && process.exitValue() != 0;
    }

    boolean isKilled() throws InterruptedException {
        return isDead() && process.exitValue() > SIGNAL;
    }

    /** Which process ended, how, and what it said last. */
    String obituary() throws InterruptedException {
        process.waitFor(TIME_TO_END.toMillis(), TimeUnit.MILLISECONDS);
        errorReader.join(TIME_TO_END);
        int code = process.isAlive() ? 0 : process.exitValue();
        String how = code > SIGNAL ? "was killed by signal " + (code - SIGNAL) : "ended with exit code " + code;
        String words;
        synchronized (lastErrors) {
            words = lastErrors.isEmpty()
                    ? "it said nothing"
                    : lastErrors.getLast().replaceFirst("^smc4j: ", "");
        }
        return "the " + name + " process (pid " + pid() + ") " + how + ": " + words;
    }

    /** Ends it: first as a signal would, then by force. Idempotent. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void readEvents() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            lines.lines().forEach(line -> events.add(event(line)));
        } catch (UncheckedIOException | IOException _) {
            // The process is gone; so is the pipe.
        }
        events.add(Json.object().put("event", END));
    }

    /** A line that is no event (somebody printed to standard output) is passed on as one that nobody waits for. */
    private static Json event(String line) {
        try {
            return Json.parse(line);
        } catch (IllegalArgumentException _) {
            return Json.object().put("event", "noise").put("line", line);
        }
    }

    private void readErrors() {
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
