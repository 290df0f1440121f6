package io.smc4j.testkit.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Predicate;

/** What a process says, kept and handed out line by line. Thread-safe. */
final class Transcript {
    private static final int MOST_LINES = 10_000;

    private final List<String> lines = new ArrayList<>();
    private final Queue<String> unread = new ArrayDeque<>();
    private int openStreams = 2;

    Transcript(String name, Process process) {
        reader(name + "-stdout", process.inputReader(StandardCharsets.UTF_8), true);
        reader(name + "-stderr", process.errorReader(StandardCharsets.UTF_8), false);
    }

    /** Empty if the process ended its output, or the time is over, before such a line came. */
    synchronized Optional<String> awaitLine(Predicate<String> wanted, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            for (String line = unread.poll(); line != null; line = unread.poll()) {
                if (wanted.test(line)) {
                    return Optional.of(line);
                }
            }
            if (openStreams == 0 || !waitUntil(deadline)) {
                return Optional.empty();
            }
        }
    }

    /** Waits until both streams have ended. */
    synchronized void awaitEnd(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (openStreams > 0 && waitUntil(deadline)) {
            // The readers notify.
        }
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public synchronized String toString() {
        return lines.isEmpty() ? "  (nothing)" : "  " + String.join(System.lineSeparator() + "  ", lines);
    }

    private boolean waitUntil(long deadline) throws InterruptedException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        wait(left / 1_000_000, (int) (left % 1_000_000));
        return true;
    }

    private void reader(String name, BufferedReader stream, boolean standardOutput) {
        Thread.ofPlatform().daemon().name(name).start(() -> {
            try (stream) {
                for (String line = stream.readLine(); line != null; line = stream.readLine()) {
                    add(line, standardOutput);
                }
            } catch (IOException _) {
                // The process is gone, and the pipe with it.
            } finally {
                ended();
            }
        });
    }

    private synchronized void add(String line, boolean standardOutput) {
        lines.add((standardOutput ? "out: " : "err: ") + line);
        if (lines.size() > MOST_LINES) {
            lines.removeFirst();
        }
        if (standardOutput) {
            unread.add(line);
        }
        notifyAll();
    }

    private synchronized void ended() {
        openStreams--;
        notifyAll();
    }
}
