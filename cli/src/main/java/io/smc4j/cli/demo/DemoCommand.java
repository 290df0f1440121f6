package io.smc4j.cli.demo;

import io.smc4j.TransportPreference;
import io.smc4j.cli.command.CliContext;
import io.smc4j.cli.command.TransportOptions;
import io.smc4j.cli.failure.CliFailure;
import io.smc4j.cli.failure.ExitCode;
import io.smc4j.cli.failure.Why;
import io.smc4j.cli.output.Json;
import io.smc4j.cli.output.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code smc4j demo}. */
@Command(
        name = "demo",
        header = "Move a real file between two processes over every transport, while a link dies.",
        description = {
            "The file goes from a client process to a server process over SMC-R with two links, one of which is taken down half way;"
                    + " over SMC-D; over TCP by fallback; and over plain Java TCP to compare. The checksum is compared each time.",
            "MB/s is from the first byte sent until the server has the last one in memory, after a pass that is not counted."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  smc4j demo", "  smc4j demo --file big.iso --json"})
public final class DemoCommand implements Callable<Integer> {
    /** Less would be over before a link could die half way. */
    private static final long LEAST_BYTES = 100_000_000;

    private final CliContext context;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "The file to move, 100 MB or more. Default: lib/modules of this Java.")
    private @Nullable Path file;

    @Option(
            names = "--transport",
            paramLabel = "auto|smc-r|smc-d|tcp",
            description = "Only this one, and plain Java TCP to compare. Default: auto, which is all of them.",
            converter = TransportOptions.TransportConverter.class)
    private TransportPreference transport = TransportPreference.AUTO;

    public DemoCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws CliFailure, InterruptedException {
        context.load(Map.of()); // so that a wrong setting is told here, once, and not by a process
        Path source = source();
        long length = length(source);
        context.err()
                .println("Moving " + source + " (" + Units.bytes(length) + ") from process to process, "
                        + DemoTraffic.rounds(length) + " times in a row each");
        DemoStage stage = new DemoStage(context, source, length);
        List<DemoResult> results = new ArrayList<>();
        for (DemoRun run : DemoRun.values()) {
            if (run.isFor(transport)) {
                results.add(stage.play(run));
            }
        }
        context.err().println();
        List<Json> runs = results.stream().map(DemoResult::json).toList();
        context.result(Json.object().put("runs", runs), DemoTable.of(results));
        List<String> failed = results.stream()
                .filter(result -> !result.problems().isEmpty())
                .map(result -> result.run().label())
                .toList();
        if (!failed.isEmpty()) {
            throw CliFailure.failed(
                    "the demo failed over " + String.join(" and over ", failed) + ", for the reasons above");
        }
        return ExitCode.OK;
    }

    private Path source() {
        Path given = file;
        return given != null ? given.toAbsolutePath() : Path.of(System.getProperty("java.home"), "lib", "modules");
    }

    private static long length(Path source) throws CliFailure {
        if (!Files.isRegularFile(source) || !Files.isReadable(source)) {
            throw CliFailure.usage(
                    "cannot read " + source + ": it is not a readable file; give another one with --file");
        }
        try {
            long length = Files.size(source);
            if (length < LEAST_BYTES) {
                throw CliFailure.usage(source + " has only " + Units.bytes(length)
                        + ", and the demo needs 100 MB for a link to die half way; give another one with --file");
            }
            return length;
        } catch (IOException e) {
            throw CliFailure.usage("cannot read " + source + ": " + Why.of(e), e);
        }
    }
}
