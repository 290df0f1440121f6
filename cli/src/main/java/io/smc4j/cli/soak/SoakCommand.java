package io.smc4j.cli.soak;

import com.typesafe.config.Config;
import io.smc4j.Transport;
import io.smc4j.TransportPreference;
import io.smc4j.cli.command.Cleanup;
import io.smc4j.cli.command.CliContext;
import io.smc4j.cli.failure.CliFailure;
import io.smc4j.cli.failure.ExitCode;
import io.smc4j.cli.failure.Why;
import io.smc4j.testkit.soak.Trouble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code smc4j soak}. */
@Command(
        name = "soak",
        header = "Let two processes talk while links, ports and processes fail, and check every byte.",
        description = {
            "Two processes open and close connections to each other all the time, and verify every byte. Ports go down and up,"
                    + " processes stop for moments, and so on: everything at random, from one seed.",
            "It fails (exit code 1) if a byte is lost, repeated or misplaced, if a connection ends without a reason or for no"
                    + " reason, if anything hangs, or if anything is left when all is over."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  smc4j soak --seconds 600 --seed 42",
            "  smc4j soak --transport smc-d --faults default,kill --json",
        })
public final class SoakCommand implements Callable<Integer> {
    private static final int MOST_SECONDS = 7 * 24 * 3600;

    private final CliContext context;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long there is traffic and trouble. Default: ${DEFAULT-VALUE}.")
    private long seconds = 60;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Of traffic and faults. Default: a new one, which is printed.")
    private @Nullable Long seed;

    @Option(
            names = "--transport",
            paramLabel = "smc-r|smc-d|both",
            description = "What connections ask for; both: each takes one of them. Default: ${DEFAULT-VALUE}.")
    private String transport = "both";

    @Option(
            names = "--faults",
            paramLabel = "KIND",
            split = ",",
            description = "Kinds of faults: default, all, none, or some of them by name (see below). Default: default.")
    private List<String> faults = List.of("default");

    @Option(
            names = "--fault-rate",
            paramLabel = "N",
            description = "Planned faults a second; some find nothing to strike. Default: ${DEFAULT-VALUE}.")
    private double rate = 25;

    @Option(
            names = "--connections",
            paramLabel = "N",
            description =
                    "Connections that each process keeps open at once, besides bursts. Default: ${DEFAULT-VALUE}.")
    private int slots = 24;

    @Option(
            names = "--hang-after",
            paramLabel = "SECONDS",
            description = "An operation without progress for so long hangs. Default: ${DEFAULT-VALUE}.")
    private long hangSeconds = 30;

    @Option(
            names = "--evidence",
            paramLabel = "DIR",
            description = "Where to write what the processes know when something is wrong."
                    + " Default: smc4j-soak-SEED in the directory for temporary files.")
    private @Nullable Path evidence;

    public SoakCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws CliFailure, InterruptedException {
        SoakOptions options = options();
        Config config = context.load(Map.of());
        Path base = Path.of(config.getString("smc4j.shared-memory-directory"));
        Path shared = newDirectory(base);
        try (SoakRun run = new SoakRun(context, options, shared);
                Cleanup cleanup = new Cleanup("soak", () -> {
                    run.close();
                    delete(shared);
                })) {
            context.err()
                    .println(
                            "Soaking for %d s with seed %d: smc4j soak --seconds %d --seed %d --transport %s repeats it"
                                    .formatted(
                                            options.seconds(),
                                            options.seed(),
                                            options.seconds(),
                                            options.seed(),
                                            transport));
            SoakResult result = run.run();
            List<String> files = files(shared);
            if (!files.isEmpty()) {
                result = result.withFiles(files);
            }
            result.books().problems().forEach(problem -> context.err().println("PROBLEM: " + problem));
            context.result(result.json(), result.text());
            if (!result.isGood()) {
                throw CliFailure.failed("the soak with seed " + options.seed() + " failed: "
                        + result.books().problemCount() + " problems, the first are above");
            }
            return ExitCode.OK;
        }
    }

    private SoakOptions options() throws CliFailure {
        check("--seconds", seconds, 1, MOST_SECONDS);
        check("--connections", slots, 1, 1000);
        check("--hang-after", hangSeconds, 1, 3600);
        if (!(rate >= 0 && rate <= 1000)) {
            throw CliFailure.usage("--fault-rate must be between 0 and 1000, not " + rate);
        }
        long chosen = seed != null ? seed : ThreadLocalRandom.current().nextLong(Long.MAX_VALUE);
        Path directory = evidence != null
                ? evidence
                : Path.of(System.getProperty("java.io.tmpdir", "."), "smc4j-soak-" + chosen);
        return new SoakOptions(
                seconds, chosen, transports(), kinds(), rate, slots, hangSeconds, directory.toAbsolutePath());
    }

    private List<TransportPreference> transports() throws CliFailure {
        return switch (transport) {
            case "smc-r" -> List.of(TransportPreference.SMC_R);
            case "smc-d" -> List.of(TransportPreference.SMC_D);
            case "both" -> List.of(TransportPreference.SMC_R, TransportPreference.SMC_D);
            default -> throw CliFailure.usage("--transport must be smc-r, smc-d or both, not '" + transport + "'");
        };
    }

    private Set<Trouble> kinds() throws CliFailure {
        Set<Trouble> chosen = EnumSet.noneOf(Trouble.class);
        for (String name : faults) {
            switch (name) {
                case "default" ->
                    Trouble.defaults().stream().filter(this::matters).forEach(chosen::add);
                case "all" -> chosen.addAll(EnumSet.allOf(Trouble.class));
                case "none" -> {}
                default ->
                    chosen.add(Arrays.stream(Trouble.values())
                            .filter(kind -> kind.label().equals(name))
                            .findAny()
                            .orElseThrow(() -> CliFailure.usage("--faults: there is no kind '" + name
                                    + "'; there are default, all, none, " + labels())));
            }
        }
        return chosen;
    }

    /** Whether it can do anything to what is asked for. */
    private boolean matters(Trouble kind) {
        return switch (transport) {
            case "smc-r" -> kind.hurts(Transport.SMC_R);
            case "smc-d" -> kind.hurts(Transport.SMC_D);
            default -> true;
        };
    }

    private static String labels() {
        return Arrays.stream(Trouble.values()).map(Trouble::label).collect(Collectors.joining(", "));
    }

    private static void check(String option, long value, long least, long most) throws CliFailure {
        if (value < least || value > most) {
            throw CliFailure.usage(option + " must be between " + least + " and " + most + ", not " + value);
        }
    }

    /** Of its own, so that what is left in the end is ours. */
    private static Path newDirectory(Path base) throws CliFailure {
        try {
            return Files.createTempDirectory(base, "smc4j-soak-");
        } catch (IOException e) {
            throw CliFailure.failed("cannot make a directory in " + base + ": " + Why.of(e), e);
        }
    }

    private static List<String> files(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString())
                    .toList();
        } catch (UncheckedIOException | IOException e) {
            return List.of(Why.of(e));
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (UncheckedIOException | IOException _) {
            // A process that is about to die still works in it; the next one's temporary files are elsewhere.
        }
    }
}
