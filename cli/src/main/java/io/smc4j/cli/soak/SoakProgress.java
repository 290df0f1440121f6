package io.smc4j.cli.soak;

import io.smc4j.cli.command.CliContext;
import io.smc4j.cli.output.Units;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** One line on a terminal that says how it goes; nothing if standard error is no terminal. */
final class SoakProgress implements AutoCloseable {
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final CliContext context;
    private final SoakOptions options;
    private long shown = -EVERY_NANOS;

    SoakProgress(CliContext context, SoakOptions options) {
        this.context = context;
        this.options = options;
    }

    void show(long nanos, Books books, FaultHistory faults, PeerState[] states) {
        if (!context.terminal().interactive() || nanos - shown < EVERY_NANOS) {
            return;
        }
        shown = nanos;
        long connections =
                books.connections().values().stream().mapToLong(Long::longValue).sum();
        String line = String.format(
                Locale.ROOT,
                "%d of %d s: %d connections, %s, %d faults, %d failovers, %d problems, running %d",
                TimeUnit.NANOSECONDS.toSeconds(nanos),
                options.seconds(),
                connections,
                Units.bytes(books.bytes()),
                faults.total(),
                books.failovers(),
                books.problemCount(),
                Arrays.stream(states).mapToInt(state -> state.running).sum());
        int width = context.terminal().columns() - 1;
        context.err()
                .print("\r"
                        + (line.length() < width
                                ? line + " ".repeat(width - line.length())
                                : line.substring(0, width)));
        context.err().flush();
    }

    @Override
    public void close() {
        if (context.terminal().interactive()) {
            context.err().println();
        }
    }
}
