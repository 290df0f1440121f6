package io.smc4j.benchmarks.perf;

import io.smc4j.benchmarks.perf.plan.Case;
import io.smc4j.benchmarks.perf.plan.PeerName;
import io.smc4j.benchmarks.perf.result.Failure;
import io.smc4j.benchmarks.perf.run.Observer;
import io.smc4j.cli.output.Terminal;
import java.io.PrintStream;
import java.util.Locale;

/** Shows on standard error how a run goes: on a terminal a line that changes, else a line for each case. */
final class Console implements Observer, AutoCloseable {
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintStream err;
    private final Terminal terminal;
    private final long start = System.nanoTime();
    private String last = "";

    Console(PrintStream err, Terminal terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    @Override
    public void preparing() {
        show("writing an archive of classes, so that processes start sooner");
    }

    @Override
    public void starting(int round, int rounds) {
        show("round " + round + " of " + rounds + ": starting the processes");
    }

    @Override
    public void turn(int index, int turns, int round, int rounds, Case measured, PeerName peer) {
        String line = "round " + round + " of " + rounds + ": " + measured;
        show(
                terminal.interactive()
                        ? "[" + index + "/" + turns + ", " + remaining(index, turns) + "] " + line + ", " + peer.label()
                        : line);
    }

    /** Turns take about the same time each. */
    private String remaining(int index, int turns) {
        long elapsed = System.nanoTime() - start;
        long seconds = index <= 1 ? 0 : elapsed / (index - 1) * (turns - index + 1) / 1_000_000_000L;
        return index <= 1 ? "..." : String.format(Locale.ROOT, "%d:%02d left", seconds / 60, seconds % 60);
    }

    @Override
    public void failed(Failure failure) {
        clear();
        last = "";
        err.println("smc4j: not measured: " + failure);
    }

    private void show(String line) {
        if (terminal.interactive()) {
            String shown = line.length() < terminal.columns() ? line : line.substring(0, terminal.columns() - 1);
            err.print(CLEAR_LINE + shown);
            err.flush();
        } else if (!line.equals(last)) {
            err.println(line);
        }
        last = line;
    }

    private void clear() {
        if (terminal.interactive() && !last.isEmpty()) {
            err.print(CLEAR_LINE);
            err.flush();
        }
    }

    /** Leaves an empty line behind. */
    @Override
    public void close() {
        clear();
    }
}
