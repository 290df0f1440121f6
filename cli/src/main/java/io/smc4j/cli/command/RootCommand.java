package io.smc4j.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code smc4j} itself: it only has subcommands. */
@Command(
        name = "smc4j",
        description = "Shared Memory Communications (SMC-R, SMC-D) in Java: try it, use it, look into it.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Version.class,
        footerHeading = "%nExamples:%n",
        footer = {
            "  smc4j demo                                 everything, in half a minute",
            "  smc4j doctor                               what works on this machine",
            "  smc4j serve --dir /tmp/in                  receive files",
            "  smc4j send FILE 127.0.0.1:7609             send one there",
            "%nExit codes: 0 success, 1 failure, 2 wrong arguments, input or configuration."
        })
public final class RootCommand implements Runnable {
    @Mixin
    private final GlobalOptions global;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    public RootCommand(GlobalOptions global) {
        this.global = global;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "No command given");
    }

    /** The global options. */
    public GlobalOptions global() {
        return global;
    }
}
