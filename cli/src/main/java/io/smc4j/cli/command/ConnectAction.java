package io.smc4j.cli.command;

import io.smc4j.ConnectOptions;
import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.cli.failure.CliFailure;
import io.smc4j.cli.failure.Why;
import io.smc4j.cli.node.Node;

/** Connects as the commands do: with the name looked up, and the failure in one line. */
public final class ConnectAction {
    private ConnectAction() {}

    /** @throws CliFailure if there is no connection */
    public static SmcChannel connect(Node node, HostPort server, ConnectOptions options)
            throws CliFailure, InterruptedException {
        try {
            return node.connect(server.resolve(), options);
        } catch (SmcException e) {
            throw CliFailure.failed("cannot connect to " + server + ": " + Why.of(e), e);
        }
    }
}
