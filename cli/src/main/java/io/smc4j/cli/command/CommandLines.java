package io.smc4j.cli.command;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;

/** Puts the {@code smc4j} command line together. */
public final class CommandLines {
    private CommandLines() {}

    /** The command line with its subcommands, which are picocli command objects. */
    public static CommandLine create(CliContext context, List<Object> subcommands) {
        CommandLine line = new CommandLine(new RootCommand(context.global()));
        subcommands.forEach(line::addSubcommand);
        line.addSubcommand(new HelpCommand());
        OneLineErrors errors = new OneLineErrors(context);
        line.getSubcommands().values().forEach(sub -> sub.getCommandSpec().mixinStandardHelpOptions(true));
        line.getCommandSpec().mixinStandardHelpOptions(true);
        line.getSubcommands().values().forEach(sub -> sub.getCommandSpec().versionProvider(new Version()));
        line.setOut(new PrintWriter(context.out(), true));
        line.setErr(new PrintWriter(context.err(), true));
        line.setParameterExceptionHandler(errors);
        line.setExecutionExceptionHandler(errors);
        line.setExecutionStrategy(parsed -> {
            if (context.global().debug()) {
                Logging.debug();
            }
            return new CommandLine.RunLast().execute(parsed);
        });
        line.setUsageHelpAutoWidth(false);
        return line;
    }
}
