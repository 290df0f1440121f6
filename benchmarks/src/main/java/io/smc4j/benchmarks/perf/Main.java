package io.smc4j.benchmarks.perf;

import io.smc4j.benchmarks.perf.child.ChildProcess;
import io.smc4j.cli.command.CliContext;
import io.smc4j.cli.command.CommandLines;
import io.smc4j.cli.command.GlobalOptions;
import io.smc4j.cli.node.ActorNode;
import io.smc4j.cli.output.Terminal;
import java.util.List;

/** The part of the {@code smc4j} command that lives here, since it needs what it is compared with. */
public final class Main {
    private Main() {}

    /** Ends the JVM with the exit code. */
    public static void main(String[] arguments) {
        if (ChildProcess.isMeant(arguments)) {
            System.exit(ChildProcess.run(arguments));
        }
        System.setProperty("java.awt.headless", "true"); // plots are files
        CliContext context = new CliContext(
                System.out, System.err, Terminal.ofStandardError(), new GlobalOptions(), ActorNode::open, Main.class);
        System.exit(run(context, arguments));
    }

    /** Runs one command in this JVM. @return the exit code */
    public static int run(CliContext context, String... arguments) {
        return CommandLines.create(context, List.of(new PerfCommand(context))).execute(arguments);
    }
}
