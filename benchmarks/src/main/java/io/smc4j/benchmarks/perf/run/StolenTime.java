package io.smc4j.benchmarks.perf.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much of its processors' busy time a virtual machine did not get, because its host gave it to others: figures of a run in which that
 * was much tell little. From {@code /proc/stat}.
 */
public record StolenTime(long stolenBefore, long busyBefore) {
    private static final Path STAT = Path.of("/proc/stat");
    private static final double PERCENT = 100;

    /** Columns: user, nice, system, idle, iowait, irq, softirq, steal. */
    private static final Pattern ALL =
            Pattern.compile("cpu +(\\d+) (\\d+) (\\d+) (\\d+) (\\d+) (\\d+) (\\d+) (\\d+).*", Pattern.DOTALL);

    private static final int STEAL = 8;
    private static final int[] BUSY = {1, 2, 3, 6, 7, STEAL};

    /** Counts from now on. */
    public static StolenTime fromNow() {
        return of(read());
    }

    static StolenTime of(String stat) {
        Matcher columns = ALL.matcher(stat);
        if (!columns.matches()) {
            return new StolenTime(-1, -1);
        }
        long busy = 0;
        for (int column : BUSY) {
            busy += Long.parseLong(columns.group(column));
        }
        return new StolenTime(Long.parseLong(columns.group(STEAL)), busy);
    }

    private static String read() {
        try {
            return Files.readString(STAT);
        } catch (IOException _) {
            return ""; // not Linux
        }
    }

    /** Until now, for people. */
    public String share() {
        return share(fromNow());
    }

    String share(StolenTime now) {
        long busy = now.busyBefore - busyBefore;
        return stolenBefore < 0 || now.stolenBefore < 0 || busy <= 0
                ? "unknown"
                : String.format(
                        Locale.ROOT, "%.1f %% of the busy time", PERCENT * (now.stolenBefore - stolenBefore) / busy);
    }
}
