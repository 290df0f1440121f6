package io.smc4j.cli.command;

import com.typesafe.config.Config;
import io.smc4j.cli.failure.CliFailure;
import io.smc4j.cli.node.NodeFactory;
import io.smc4j.cli.output.Json;
import io.smc4j.cli.output.Progress;
import io.smc4j.cli.output.Terminal;
import java.io.PrintStream;
import java.util.Map;

/**
 * What a command works with; tests give their own.
 *
 * @param out results, and nothing else
 * @param err errors, the log, progress and narration
 * @param terminal what {@code err} is connected to
 * @param global the global options, filled in when the command line has been parsed
 * @param nodes starts the smc4j node
 * @param mainClass what to start to have this command in another process
 */
public record CliContext(
        PrintStream out,
        PrintStream err,
        Terminal terminal,
        GlobalOptions global,
        NodeFactory nodes,
        Class<?> mainClass) {
    /** Prints {@code json} if that was asked for, else {@code text}. */
    public void result(Json json, String text) {
        out.println(global.json() ? json.toString() : text);
        out.flush();
    }

    /** A progress bar, if anybody is looking. */
    public Progress progress(String task, long totalBytes) {
        return Progress.ofBytes(err, terminal, task, totalBytes);
    }

    /** The checked configuration of the command line, with what its other options stand for. */
    public Config load(Map<String, ?> settings) throws CliFailure {
        return global.load(settings);
    }
}
