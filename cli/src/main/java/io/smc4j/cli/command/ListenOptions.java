package io.smc4j.cli.command;

import io.smc4j.BindOptions;
import io.smc4j.SmcException;
import io.smc4j.SmcServerChannel;
import io.smc4j.cli.failure.CliFailure;
import io.smc4j.cli.failure.Why;
import io.smc4j.cli.node.Node;
import java.net.InetSocketAddress;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a server listens. */
public final class ListenOptions {
    private static final int LARGEST_PORT = 65535;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--host", paramLabel = "ADDRESS", description = "Address to listen on. Default: ${DEFAULT-VALUE}.")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port to listen on, 0 for any free one. Default: ${DEFAULT-VALUE}.")
    private int port = 7609; // the RFC's number; not registered for anything

    /** Listens there. @throws CliFailure if the address is not this machine's, or taken */
    public SmcServerChannel listen(Node node, BindOptions options) throws CliFailure, InterruptedException {
        if (port < 0 || port > LARGEST_PORT) {
            throw new ParameterException(
                    spec.commandLine(), "--port must be between 0 and " + LARGEST_PORT + ", not " + port);
        }
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw CliFailure.failed("cannot find host '" + host + "' to listen on: give an address of this machine");
        }
        try {
            return node.listen(address, options);
        } catch (SmcException e) {
            throw CliFailure.failed("cannot listen on " + host + ":" + port + ": " + Why.of(e), e);
        }
    }
}
