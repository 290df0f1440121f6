package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.group.GroupNotice;
import io.smc4j.protocol.lifecycle.group.GroupTimeouts;
import io.smc4j.protocol.lifecycle.group.TerminationCause;
import io.smc4j.protocol.llc.LlcDeleteLink;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** the idle time of a group ends while the peer deletes the group. */
@Timeout(60)
class R07DoubleGroupFreeTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldLeaveTheListOnceAndFreeOnce(boolean idleFirst) throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = bench.listedServer(1);
            bench.end(server);
            bench.everythingHeard(server.link1());
            LlcDeleteLink deleteAll = new LlcDeleteLink(2, false, true, true, 0, 0);
            if (idleFirst) {
                server.link1().withholding = true; // our DELETE LINK does not get away: the group stays between
                bench.advance(GroupTimeouts.linux(io.smc4j.protocol.lifecycle.group.GroupRole.SERVER)
                        .idle());
                bench.awaitNotice(GroupNotice.Unlisted.class);
                server.link1().receive(deleteAll);
                assertThat(server.link1().expect(LlcDeleteLink.class).all()).isTrue();
                server.link1().releaseCompletions();
            } else {
                server.link1().receive(deleteAll);
                bench.awaitNotice(GroupNotice.Unlisted.class);
                bench.advance(GroupTimeouts.linux(io.smc4j.protocol.lifecycle.group.GroupRole.SERVER)
                        .idle());
            }
            bench.awaitStopped(server.group());
            assertThat(bench.unlisted()).isEqualTo(1);
            assertThat(bench.notices)
                    .filteredOn(GroupNotice.Unlisted.class::isInstance)
                    .extracting(notice -> ((GroupNotice.Unlisted) notice).cause())
                    .containsExactly(idleFirst ? TerminationCause.IDLE : TerminationCause.PEER_DELETED_ALL);
            bench.assertNothingLeft();
        }
    }
}
