package io.smc4j.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A main class in a JVM of its own.
 *
 * <p>It speaks by lines: {@link #send} writes one to its standard input, {@link #awaitLine} waits for one on its standard output.
 * All output is kept and is part of every failure's message. The process ends with {@link #close}, and at the latest with this
 * JVM; a child that should survive neither a killed parent calls {@link ParentProcess#endTogether}.
 *
 * <p>Thread-safe.
 */
public final class ChildJvm implements AutoCloseable {
    private static final Duration TIME_TO_DIE = Duration.ofSeconds(10);
    private static final Duration TIME_TO_STOP = Duration.ofSeconds(10);

    /** State of a thread in {@code stat}, behind its name in parentheses. */
    private static final char STOPPED = 'T';

    private final String name;
    private final Process process;
    private final Transcript transcript;
    private final Writer input;
    private final Thread killer;

    ChildJvm(String name, Process process) {
        this.name = name;
        this.process = process;
        this.transcript = new Transcript(name, process);
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        this.killer = new Thread(process::destroyForcibly, "kill-" + name);
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /** Describes a child to start. @param mainClass a class of this JVM's class path */
    public static ChildJvmBuilder of(Class<?> mainClass) {
        return new ChildJvmBuilder(mainClass);
    }

    /** Its name in messages. */
    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Writes a line to its standard input. @throws ChildFailure if it does not listen any more */
    public void send(String line) {
        try {
            synchronized (input) {
                input.write(line + "\n");
                input.flush();
            }
        } catch (IOException e) {
            throw failure("does not take the line '" + line + "'", e);
        }
    }

    /** Ends its standard input. */
    public void endInput() {
        try {
            synchronized (input) {
                input.close();
            }
        } catch (IOException e) {
            throw failure("does not take the end of its input", e);
        }
    }

    /**
     * The next line of its standard output that fits; lines that do not are skipped, and kept for {@link #output}.
     *
     * @throws ChildFailure if it ends before, or the time is over
     */
    public String awaitLine(Predicate<String> wanted, Duration limit) throws InterruptedException {
        Optional<String> line = transcript.awaitLine(wanted, limit);
        return line.orElseThrow(() -> failure(
                (process.isAlive() ? "did not say" : "ended without saying") + " the expected line within "
                        + limit.toMillis() + " ms",
                null));
    }

    /** The next line that begins with {@code start}. */
    public String awaitLine(String start, Duration limit) throws InterruptedException {
        return awaitLine(line -> line.startsWith(start), limit);
    }

    /** Waits for its end. @return the exit code; 128 + the signal if it was killed. @throws ChildFailure if the time is over */
    public int awaitExit(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw failure("did not end within " + limit.toMillis() + " ms", null);
        }
        transcript.awaitEnd(limit);
        return process.exitValue();
    }

    /** Kills it ({@code kill -9}) and waits until it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitExit(TIME_TO_DIE);
    }

    /** Asks it to end ({@code SIGTERM}): its shutdown hooks run. */
    public void terminate() {
        process.destroy();
    }

    /** Ctrl-C ({@code SIGINT}). */
    public void interrupt() throws InterruptedException {
        signal("INT");
    }

    /** Stops it where it stands ({@code SIGSTOP}), as a machine that hangs; returns when each of its threads has stopped. */
    public void pause() throws InterruptedException {
        signal("STOP");
        long start = System.nanoTime();
        while (process.isAlive() && !hasStopped()) {
            if (System.nanoTime() - start > TIME_TO_STOP.toNanos()) {
                throw failure("did not stop within " + TIME_TO_STOP.toMillis() + " ms after SIGSTOP", null);
            }
            TimeUnit.MICROSECONDS.sleep(100);
        }
    }

    /** Threads stop one after the other, each when it is scheduled next. */
    private boolean hasStopped() {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid()), "task"))) {
            for (Path thread : (Iterable<Path>) threads::iterator) {
                String stat = Files.readString(thread.resolve("stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != STOPPED) {
                    return false;
                }
            }
            return true;
        } catch (IOException | UncheckedIOException e) {
            return false; // a thread ended meanwhile: look again
        }
    }

    /** Lets it go on ({@code SIGCONT}). */
    public void resume() throws InterruptedException {
        signal("CONT");
    }

    /** Everything it said so far on standard output and error, each line marked {@code out} or {@code err}. */
    public List<String> output() {
        return transcript.lines();
    }

    /** Processor time it used so far, if the system tells. */
    public Optional<Duration> cpuTime() {
        return process.info().totalCpuDuration();
    }

    /** Kills it if it is alive. Idempotent. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (IllegalStateException _) {
            // This JVM is ending: the hook does the same.
        }
        process.destroyForcibly();
        try {
            process.waitFor(TIME_TO_DIE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** By the system's {@code kill}: the JDK only knows the two signals that end a process. */
    private void signal(String signal) throws InterruptedException {
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid()))
                    .inheritIO()
                    .start();
            int code = kill.waitFor();
            if (code != 0) {
                throw failure("could not be sent SIG" + signal, null);
            }
        } catch (IOException e) {
            throw failure("could not be sent SIG" + signal, e);
        }
    }

    private ChildFailure failure(String what, @Nullable Throwable cause) {
        String state = process.isAlive() ? "alive" : "ended with exit code " + process.exitValue();
        return new ChildFailure(
                "process '%s' (pid %d, %s) %s; it said:%n%s".formatted(name, pid(), state, what, transcript), cause);
    }
}
