package io.smc4j.cli.node;

import com.typesafe.config.Config;
import io.smc4j.cli.failure.CliFailure;

/** Starts nodes. */
@FunctionalInterface
public interface NodeFactory {
    /**
     * Starts a node.
     *
     * @throws CliFailure if it cannot start with this configuration or on this machine
     */
    Node open(Config config) throws CliFailure;
}
