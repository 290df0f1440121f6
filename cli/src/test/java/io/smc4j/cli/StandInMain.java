package io.smc4j.cli;

import io.smc4j.cli.command.CliContext;
import io.smc4j.cli.command.GlobalOptions;
import io.smc4j.cli.node.TcpNode;
import io.smc4j.cli.output.Terminal;

/** The command over the TCP stand-in, in a process of its own. */
public final class StandInMain {
    private StandInMain() {}

    public static void main(String[] arguments) {
        CliContext context = new CliContext(
                System.out,
                System.err,
                Terminal.ofStandardError(),
                new GlobalOptions(),
                _ -> new TcpNode(),
                StandInMain.class);
        System.exit(Main.run(context, arguments));
    }
}
