package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.group.GroupNotice;
import io.smc4j.actors.group.JoinReply;
import io.smc4j.protocol.lifecycle.group.GroupRole;
import io.smc4j.protocol.lifecycle.group.GroupTimeouts;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** a connection matches a group whose idle time is about to end. */
@Timeout(60)
class R08IdleFreeVersusNewMatchTest {
    private static final Duration IDLE = GroupTimeouts.linux(GroupRole.SERVER).idle();

    private static BenchA.Listed emptied(BenchA bench) throws Exception {
        BenchA.Listed server = bench.listedServer(1);
        bench.end(server);
        bench.everythingHeard(server.link1());
        return server;
    }

    @Test
    void shouldKeepTheGroupThatWasMatchedJustBeforeItsTime() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = emptied(bench);
            bench.advance(IDLE.minusMillis(1));
            BenchA.Handshake handshake = bench.joinServer(server.group());
            bench.advance(Duration.ofMillis(1));
            bench.offered(handshake, server.link1());
            assertThat(bench.unlisted()).isZero();
        }
    }

    @Test
    void shouldSendAwayWhoComesJustAfterItsTime() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = emptied(bench);
            server.link1().withholding = true; // the group stays between unlisting and the end
            bench.advance(IDLE);
            bench.awaitNotice(GroupNotice.Unlisted.class);
            JoinReply.Refused refused = bench.joinServer(server.group()).expect(JoinReply.Refused.class);
            assertThat(refused.tryAnother()).isTrue();
            server.link1().releaseCompletions();
            bench.awaitStopped(server.group());
            bench.assertNothingLeft();
        }
    }

    @Test
    void shouldSendAwayWhoComesWhileItsMemoryIsBeingFreed() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = emptied(bench);
            server.link1().withholding = true;
            bench.advance(IDLE);
            bench.awaitNotice(GroupNotice.Unlisted.class);
            bench.blocking.close();
            server.link1().releaseCompletions();
            BenchA.until(() -> assertThat(bench.blocking.waiting()).isPositive());
            bench.blocking.letOneGo(); // the queue pair is destroyed
            BenchA.until(() -> assertThat(bench.device().openQueuePairs()).isZero());
            BenchA.until(() -> assertThat(bench.blocking.waiting()).isPositive()); // the buffers are about to be freed
            assertThat(bench.joinServer(server.group())
                            .expect(JoinReply.Refused.class)
                            .tryAnother())
                    .isTrue();
            bench.blocking.open();
            bench.awaitStopped(server.group());
            bench.assertNothingLeft();
        }
    }
}
