package io.smc4j.cli;

import io.smc4j.cli.command.CliContext;
import io.smc4j.cli.command.CommandLines;
import io.smc4j.cli.command.GlobalOptions;
import io.smc4j.cli.demo.DemoClientCommand;
import io.smc4j.cli.demo.DemoCommand;
import io.smc4j.cli.demo.DemoServerCommand;
import io.smc4j.cli.dissect.DissectCommand;
import io.smc4j.cli.doctor.DoctorCommand;
import io.smc4j.cli.echo.EchoServerCommand;
import io.smc4j.cli.echo.PingCommand;
import io.smc4j.cli.node.ActorNode;
import io.smc4j.cli.output.Terminal;
import io.smc4j.cli.perf.PerfElsewhereCommand;
import io.smc4j.cli.soak.SoakCommand;
import io.smc4j.cli.soak.SoakPeerCommand;
import io.smc4j.cli.tcpoption.EnableTcpOptionCommand;
import io.smc4j.cli.transfer.SendCommand;
import io.smc4j.cli.transfer.ServeCommand;
import java.util.List;

/** The {@code smc4j} command. */
public final class Main {
    private Main() {}

    /** Ends the JVM with the exit code. */
    public static void main(String[] arguments) {
        CliContext context = new CliContext(
                System.out, System.err, Terminal.ofStandardError(), new GlobalOptions(), ActorNode::open, Main.class);
        System.exit(run(context, arguments));
    }

    /** Runs one command in this JVM. @return the exit code */
    public static int run(CliContext context, String... arguments) {
        List<Object> commands = List.of(
                new DemoCommand(context),
                new ServeCommand(context),
                new SendCommand(context),
                new EchoServerCommand(context),
                new PingCommand(context),
                new DoctorCommand(context),
                new EnableTcpOptionCommand(context),
                new DissectCommand(context),
                new PerfElsewhereCommand(),
                new SoakCommand(context),
                new DemoServerCommand(context),
                new DemoClientCommand(context),
                new SoakPeerCommand(context));
        return CommandLines.create(context, commands).execute(arguments);
    }
}
