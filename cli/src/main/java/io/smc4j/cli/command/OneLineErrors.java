package io.smc4j.cli.command;

import io.smc4j.cli.failure.CliFailure;
import io.smc4j.cli.failure.ExitCode;
import io.smc4j.cli.failure.Why;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Reports every failure as one line on standard error; the stack trace only with {@code --debug}. */
public final class OneLineErrors implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private final CliContext context;

    public OneLineErrors(CliContext context) {
        this.context = context;
    }

    @Override
    public int handleParseException(ParameterException problem, String[] arguments) {
        String command = problem.getCommandLine().getCommandSpec().qualifiedName();
        String words = Why.oneLine(String.valueOf(problem.getMessage()));
        context.err().println("smc4j: " + words + (words.endsWith(".") ? "" : ".") + " See '" + command + " --help'.");
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception problem, CommandLine command, ParseResult parsed) {
        int code = problem instanceof CliFailure failure ? failure.exitCode() : ExitCode.FAILURE;
        if (Cleanup.interrupted()) {
            return code; // Ctrl-C took the connection away: that is no news
        }
        String words = problem instanceof CliFailure
                ? Why.oneLine(String.valueOf(problem.getMessage()))
                : "unexpected " + problem.getClass().getSimpleName() + ": " + Why.of(problem)
                        + "; this is a bug, run again with --debug and report it";
        context.err().println("smc4j: " + words);
        if (context.global().debug()) {
            problem.printStackTrace(context.err());
        }
        return code;
    }
}
