package io.smc4j.benchmarks.perf;

import io.smc4j.benchmarks.perf.plan.Case;
import io.smc4j.benchmarks.perf.plan.PeerName;
import io.smc4j.benchmarks.perf.report.Csv;
import io.smc4j.benchmarks.perf.report.MarkdownReport;
import io.smc4j.benchmarks.perf.report.Marked;
import io.smc4j.benchmarks.perf.report.Plots;
import io.smc4j.benchmarks.perf.report.ResultsFolder;
import io.smc4j.benchmarks.perf.report.TextReport;
import io.smc4j.benchmarks.perf.result.Report;
import io.smc4j.benchmarks.perf.result.Samples;
import io.smc4j.benchmarks.perf.run.Circumstances;
import io.smc4j.benchmarks.perf.run.Plan;
import io.smc4j.benchmarks.perf.run.Quick;
import io.smc4j.benchmarks.perf.run.StolenTime;
import io.smc4j.benchmarks.perf.run.Suite;
import io.smc4j.cli.command.Cleanup;
import io.smc4j.cli.command.CliContext;
import io.smc4j.cli.command.Version;
import io.smc4j.cli.failure.CliFailure;
import io.smc4j.cli.failure.ExitCode;
import io.smc4j.cli.failure.Why;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code smc4j perf}. */
@Command(
        name = "perf",
        description =
                "Measures smc4j beside TCP, Unix domain sockets, Netty, Pekko Streams TCP, Aeron and a bare ring.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  smc4j perf --quick                        what the targets need, in 45 seconds if it can",
            "  smc4j perf                                everything, an hour and a half on an idle machine",
            "  smc4j perf --peers smc-d,tcp --cases round-trip,bulk",
            "  smc4j perf --out benchmarks/results --readme README.md",
            "  smc4j perf --from benchmarks/results/results.json --readme README.md",
            "%nNothing else should run on the machine meanwhile. docs/performance.md explains every figure.",
            "Exit codes: 0 measured (whether targets were reached or not), 1 something could not be measured,",
            "2 wrong arguments. --strict: 1 also if a target was missed."
        })
public final class PerfCommand implements Callable<Integer> {
    private static final int ROUNDS = 3;
    private static final int MILLIS = 600;
    private static final int QUICK_MILLIS = 200;

    private final CliContext context;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--quick",
            description = "Only what the targets need; aims at 45 seconds, takes up to two minutes on a slow machine.")
    private boolean quick;

    @Option(names = "--strict", description = "Exit code 1 if a target was missed.")
    private boolean strict;

    @Option(
            names = "--cases",
            split = ",",
            paramLabel = "CASE",
            description = "Which cases: round-trip, paced, bulk, messages, connect, idle, scaling, scaling-bulk.")
    private List<String> cases = new ArrayList<>();

    @Option(
            names = "--sizes",
            split = ",",
            paramLabel = "BYTES",
            description = "Only these sizes of messages and writes, where a case has several.")
    private List<Integer> sizes = new ArrayList<>();

    @Option(
            names = "--peers",
            split = ",",
            paramLabel = "PEER",
            description =
                    "Which peers: ring, smc-d, smc-d-in-place, smc-r, smc-d-streams, smc-r-streams, smc-d-park, smc-d-spin, smc-d-tickless, tcp, tcp-selector, uds,"
                            + " netty-nio, netty-epoll, pekko-tcp, aeron, aeron-backoff.")
    private List<String> peers = new ArrayList<>();

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds: 3.")
    private @Nullable Integer rounds;

    @Option(
            names = "--millis",
            paramLabel = "N",
            description =
                    "Milliseconds of measured traffic in each turn, and of each lot of warming up: 600, with --quick 200.")
    private @Nullable Integer millis;

    @Option(names = "--csv", paramLabel = "FILE", description = "Also write the figures there, comma-separated.")
    private @Nullable Path csv;

    @Option(names = "--plots", paramLabel = "DIR", description = "Also draw plots there, as PNG and SVG.")
    private @Nullable Path plots;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Also write results.json, results.csv, README.md and plots there.")
    private @Nullable Path out;

    @Option(
            names = "--readme",
            paramLabel = "FILE",
            description = "Also replace what is between the perf markers in this file by the short tables.")
    private @Nullable Path readme;

    @Option(
            names = "--from",
            paramLabel = "FILE",
            description = "Measure nothing: take the figures from this results.json.")
    private @Nullable Path from;

    public PerfCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws CliFailure, InterruptedException {
        Report report = from == null ? measure() : read(from);
        write(report);
        context.result(report.toJson(), TextReport.of(report));
        boolean missed =
                report.ratios().stream().anyMatch(ratio -> ratio.ratio().isPresent() && !ratio.reached());
        return !report.failures().isEmpty() || (strict && missed) ? ExitCode.FAILURE : ExitCode.OK;
    }

    private Report measure() throws CliFailure, InterruptedException {
        context.load(Map.of()); // a wrong setting is the user's, not a child's that fails
        Plan plan = plan();
        Map<String, String> about = new LinkedHashMap<>();
        about.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        about.put("command", commandLine());
        about.put("version", Version.number());
        about.putAll(Circumstances.machine());
        about.put("rounds", Integer.toString(plan.rounds()));
        about.put("settings of smc4j", settings());
        if (plan.isBrief()) {
            about.put(
                    Report.BRIEF,
                    "for " + plan.longestWarmUp().toMillis()
                            + " ms at most, which on a slow machine is less than the compilers need for SMC-R, streams and connection set-up");
        }
        about.put(Report.LOAD, Circumstances.load());
        StolenTime stolen = StolenTime.fromNow();
        new Report(about, List.of(), List.of())
                .warning()
                .ifPresent(warning -> context.err().println("smc4j: warning: " + warning));
        try (Console console = new Console(context.err(), context.terminal());
                Suite suite = new Suite(plan, context, console, System::nanoTime);
                Cleanup cleanup = new Cleanup("perf", suite::close)) {
            Objects.requireNonNull(cleanup); // ends the children when this process is told to end
            Samples samples = suite.run();
            about.put("stolen by the host", stolen.share());
            return new Report(about, samples.results(), suite.failures());
        } catch (IOException e) {
            throw CliFailure.failed("cannot make a directory for shared files: " + Why.of(e), e);
        }
    }

    private Plan plan() throws CliFailure {
        List<Case> chosenCases = cases();
        List<PeerName> chosenPeers = peers();
        int rounds = positive("--rounds", this.rounds, ROUNDS);
        Duration measured = Duration.ofMillis(positive("--millis", millis, quick ? QUICK_MILLIS : MILLIS));
        return quick
                ? Plan.quick(chosenCases, chosenPeers, rounds, measured)
                : Plan.full(chosenCases, chosenPeers, rounds, measured);
    }

    private List<Case> cases() throws CliFailure {
        for (String name : cases) {
            if (Arrays.stream(Case.Kind.values()).noneMatch(kind -> kind.label().equals(name))) {
                throw CliFailure.usage("--cases " + name + ": there is no such case; there are " + Case.Kind.labels());
            }
        }
        List<Case> chosen = (quick ? Case.quick() : Case.all())
                .stream()
                        .filter(one ->
                                cases.isEmpty() || cases.contains(one.kind().label()))
                        .filter(one -> sizes.isEmpty() || sizes.contains(one.size()) || one.kind() == Case.Kind.CONNECT)
                        .toList();
        if (chosen.isEmpty()) {
            throw CliFailure.usage("nothing to measure: no case has these sizes" + (quick ? " in a quick run" : ""));
        }
        return chosen;
    }

    private List<PeerName> peers() throws CliFailure {
        List<PeerName> all = quick ? Quick.peers() : List.of(PeerName.values());
        if (peers.isEmpty()) {
            return all;
        }
        List<PeerName> chosen = new ArrayList<>();
        for (String name : peers) {
            chosen.add(PeerName.of(name)
                    .orElseThrow(() -> CliFailure.usage(
                            "--peers " + name + ": there is no such peer; there are " + PeerName.labels())));
        }
        return chosen;
    }

    private static int positive(String option, @Nullable Integer value, int otherwise) throws CliFailure {
        if (value == null) {
            return otherwise;
        }
        if (value < 1) {
            throw CliFailure.usage(option + " " + value + ": at least 1");
        }
        return value;
    }

    private String commandLine() {
        return "./smc4j "
                + String.join(" ", spec.root().commandLine().getParseResult().originalArgs());
    }

    private String settings() {
        List<String> set = context.global().asArguments().stream()
                .filter(argument -> argument.startsWith("-D") || argument.startsWith("--config"))
                .toList();
        return set.isEmpty() ? "defaults, unless a peer's description names one" : String.join(" ", set);
    }

    private static Report read(Path file) throws CliFailure {
        try {
            return ResultsFolder.read(file);
        } catch (IOException e) {
            throw CliFailure.usage("cannot read " + file + ": " + Why.of(e), e);
        } catch (IllegalArgumentException e) {
            throw CliFailure.usage(file + " was not written by smc4j perf: " + Why.of(e), e);
        }
    }

    private void write(Report report) throws CliFailure {
        try {
            if (csv != null) {
                Files.writeString(csv, Csv.of(report));
            }
            if (plots != null) {
                Plots.write(plots, report);
            }
            if (out != null) {
                ResultsFolder.write(out, report);
            }
            if (readme != null) {
                Files.writeString(readme, Marked.replace(Files.readString(readme), MarkdownReport.brief(report)));
            }
        } catch (IOException e) {
            throw CliFailure.failed("cannot write: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw CliFailure.usage(readme + " cannot be changed: " + Why.of(e), e);
        }
    }
}
