package io.smc4j.testkit.explore.smc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.smc4j.protocol.SmcVersion;
import io.smc4j.testkit.explore.Exploration;
import io.smc4j.testkit.explore.Explorer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every interleaving of bounded configurations of two peers, the real state machines at both ends; all of {@link Promise} after
 * every step. {@code -Dsmc4j.explore=long} adds the large ones, see docs/explorer.md.
 */
final class SmcExplorationTest {
    private static final int MILLION = 1_000_000;

    private static final SmcOptions NONE_OPEN = SmcOptions.established(0, 2);
    private static final SmcOptions ONE_OPEN = SmcOptions.established(1, 2).atOnce(true);
    private static final SmcOptions TWO_OPEN = SmcOptions.established(2, 2).atOnce(true);

    static Stream<Arguments> bounded() {
        return Stream.of(
                argumentSet(
                        "first contact: a link fails, a node ends, at any point",
                        SmcOptions.firstContact(2).with(Budget.LINK_FAILURE, 1).with(Budget.TERMINATE, 1)),
                argumentSet(
                        "first contact: deadlines pass, a node dies or ends slowly",
                        SmcOptions.firstContact(2)
                                .with(Budget.EARLY_DEADLINE, 2)
                                .with(Budget.SLOW_END, 2)
                                .with(Budget.TERMINATE, 1)
                                .with(Budget.CRASH, 1)
                                .atOnce(true)),
                argumentSet(
                        "first contact: ports go down and come up, the connection is closed",
                        SmcOptions.firstContact(2)
                                .with(Budget.PORT_DOWN, 1)
                                .with(Budget.PORT_UP, 1)
                                .with(Budget.CLOSE, 1)
                                .atOnce(true)),
                argumentSet(
                        "links: two fail, both nodes end, deadlines pass",
                        NONE_OPEN
                                .with(Budget.LINK_FAILURE, 2)
                                .with(Budget.TERMINATE, 2)
                                .with(Budget.EARLY_DEADLINE, 1)
                                .atOnce(true)),
                argumentSet(
                        "links: every local step on its own",
                        NONE_OPEN.with(Budget.LINK_FAILURE, 1).with(Budget.TERMINATE, 1)),
                argumentSet(
                        "links: ports go down and come up",
                        NONE_OPEN
                                .with(Budget.PORT_DOWN, 2)
                                .with(Budget.PORT_UP, 2)
                                .atOnce(true)),
                argumentSet(
                        "links: from an asymmetric pair to a symmetric one",
                        NONE_OPEN
                                .ports(2, 1, 2)
                                .with(Budget.PORT_UP, 1)
                                .with(Budget.CONNECT, 1)
                                .with(Budget.CLOSE, 2)
                                .atOnce(true)),
                argumentSet(
                        "idle: the end of idle time meets new connections",
                        ONE_OPEN.with(Budget.CONNECT, 2).with(Budget.CLOSE, 2).with(Budget.IDLE, 1)),
                argumentSet(
                        "connections: close, abort, and a node that ends",
                        TWO_OPEN.with(Budget.CLOSE, 2).with(Budget.ABORT, 1).with(Budget.TERMINATE, 1)),
                argumentSet(
                        "connections: half-close with a full buffer",
                        ONE_OPEN.ring(1)
                                .with(Budget.WRITE, 3)
                                .with(Budget.CLOSE, 2)
                                .with(Budget.SHUTDOWN, 1)),
                argumentSet(
                        "buffers: withdrawn late, used again",
                        ONE_OPEN.with(Budget.CONNECT, 1)
                                .with(Budget.ABORT, 1)
                                .with(Budget.WRITE, 1)
                                .with(Budget.EARLY_DEADLINE, 2)),
                argumentSet(
                        "failover: two connections, bytes under way, a close",
                        TWO_OPEN.with(Budget.LINK_FAILURE, 1).with(Budget.CLOSE, 1)),
                argumentSet(
                        "failover: a connection that is just being made",
                        ONE_OPEN.with(Budget.CONNECT, 1)
                                .with(Budget.LINK_FAILURE, 1)
                                .with(Budget.EARLY_DEADLINE, 1)),
                argumentSet(
                        "death: a process dies at any point",
                        ONE_OPEN.with(Budget.CONNECT, 1).with(Budget.WRITE, 1).with(Budget.CRASH, 1)),
                argumentSet(
                        "version 1, first contact: a link fails, a node ends, at any point",
                        SmcOptions.firstContact(2)
                                .version(SmcVersion.V1)
                                .with(Budget.LINK_FAILURE, 1)
                                .with(Budget.TERMINATE, 1)
                                .atOnce(true)),
                argumentSet(
                        "version 1, links: one fails, a deadline passes, a port goes down and comes up",
                        NONE_OPEN
                                .version(SmcVersion.V1)
                                .with(Budget.LINK_FAILURE, 1)
                                .with(Budget.PORT_DOWN, 1)
                                .with(Budget.PORT_UP, 1)
                                .with(Budget.EARLY_DEADLINE, 1)
                                .atOnce(true)));
    }

    @ParameterizedTest
    @MethodSource("bounded")
    void shouldKeepEveryPromise(SmcOptions options) {
        assertThat(explore(options, MILLION).complete()).isTrue();
    }

    /** Two peers, two links, two connections; a link fails, a node ends, connections are closed, at any point. */
    @Test
    @EnabledIfSystemProperty(named = "smc4j.explore", matches = "long")
    void shouldKeepEveryPromiseInTheLongMode() {
        SmcOptions options =
                TWO_OPEN.with(Budget.LINK_FAILURE, 1).with(Budget.TERMINATE, 1).with(Budget.CLOSE, 2);
        Exploration all = explore(options, 20 * MILLION);
        assertThat(all.states()).isGreaterThan(MILLION);
        assertThat(all.complete()).isTrue();
    }

    private static Exploration explore(SmcOptions options, int limit) {
        Exploration all = new Explorer<>(new SmcModel(options)).limit(limit).explore();
        System.out.println(all);
        return all;
    }
}
