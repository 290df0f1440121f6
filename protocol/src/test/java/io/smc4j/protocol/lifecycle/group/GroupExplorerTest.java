package io.smc4j.protocol.lifecycle.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.protocol.lifecycle.group.TwoGroups.Options;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Walks through every interleaving of a server's and a client's link group, their links, handshakes and deadlines. */
final class GroupExplorerTest {
    private static final int LIMIT = 1_000_000;

    @ParameterizedTest
    @CsvSource({
        // established, connections, failures, server ports, client ports, port comes up, terminate, slow end
        "false, 0, 1, 2, 2, false, true, true",
        "true,  0, 1, 2, 2, false, false, false",
        "true,  1, 0, 2, 2, false, false, false",
        "true,  1, 1, 1, 1, false, false, false",
        "true,  2, 0, 1, 1, false, false, false",
        "true,  0, 0, 1, 2, true, false, false",
    })
    void shouldKeepEveryPromise(
            boolean listed,
            int connections,
            int failures,
            int serverPorts,
            int clientPorts,
            boolean portUp,
            boolean terminate,
            boolean slowEnd) {
        GroupExplorer explorer = new GroupExplorer(
                new Options(listed, connections, failures, serverPorts, clientPorts, portUp, terminate, slowEnd));
        int states = explorer.explore(LIMIT);
        System.out.println("link groups: explored " + states + " states in " + explorer.steps() + " steps");
        assertThat(states).isPositive();
    }
}
