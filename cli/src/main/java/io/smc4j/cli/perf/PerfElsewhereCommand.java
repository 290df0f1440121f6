package io.smc4j.cli.perf;

import io.smc4j.cli.failure.CliFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * {@code smc4j perf} in a jar that does not have it: measuring needs Netty, Aeron and more, which users of the command do not. The
 * script {@code smc4j} of a source tree starts another jar for it.
 */
@Command(
        name = "perf",
        description = "Measures smc4j beside TCP, Netty, Aeron and others. Only in a source tree: ./smc4j perf.",
        footer = "%nIn a source tree ./smc4j perf --help says more.")
public final class PerfElsewhereCommand implements Callable<Integer> {
    @Unmatched
    @SuppressWarnings("UnusedVariable") // picocli puts there what would be wrong options otherwise
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws CliFailure {
        throw CliFailure.usage(
                "perf is not in this jar: run it in a source tree, where ./smc4j perf builds benchmarks/target/benchmarks.jar and starts it");
    }
}
