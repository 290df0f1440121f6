package io.smc4j.cli.output;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error if that is a terminal, else nothing. Not thread-safe. */
public final class Progress implements AutoCloseable {
    private static final int UPDATE_MILLIS = 100;
    private static final long MEGABYTE = 1_000_000;

    private final @Nullable ProgressBar bar;

    private Progress(@Nullable ProgressBar bar) {
        this.bar = bar;
    }

    /** A bar that counts bytes up to {@code total}; a negative total is one that nobody knows. */
    public static Progress ofBytes(PrintStream err, Terminal terminal, String task, long total) {
        if (!terminal.interactive()) {
            return new Progress(null);
        }
        return new Progress(new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setUnit(" MB", MEGABYTE)
                .setStyle(style(err))
                .setUpdateIntervalMillis(UPDATE_MILLIS)
                .hideEta()
                // The last column stays free: a full line would make some terminals scroll.
                .setConsumer(new ConsoleProgressBarConsumer(err, terminal.columns() - 1))
                .build());
    }

    /** Bytes moved so far. */
    public void at(long bytes) {
        ProgressBar drawn = bar;
        if (drawn != null) {
            drawn.stepTo(bytes);
        }
    }

    /** Draws the last state and ends the line. */
    @Override
    public void close() {
        ProgressBar drawn = bar;
        if (drawn != null) {
            drawn.close();
        }
    }

    private static ProgressBarStyle style(PrintStream err) {
        boolean unicode = err.charset().equals(StandardCharsets.UTF_8)
                && !"dumb".equals(String.valueOf(System.getenv("TERM")).toLowerCase(Locale.ROOT));
        return unicode ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII;
    }
}
