package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.group.JoinReply;
import io.smc4j.protocol.llc.LlcAddLink;
import io.smc4j.protocol.llc.LlcConfirmRkey;
import io.smc4j.protocol.llc.LlcDeleteRkey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * both ends confirm rkeys at the same time. A request of the peer's is answered in the turn in which it is heard, whatever
 * flow is going on here; it is no event of the machine that runs the flows.
 */
@Timeout(60)
class R39RkeyFlowsInBothDirectionsTest {
    @Test
    void shouldAnswerThePeersRequestsWhileOwnOnesWait() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = bench.listedServer(1);
            FakeQpA link = server.link1();
            BenchA.Handshake handshake = bench.joinServer(server.group());
            LlcConfirmRkey own = link.expect(LlcConfirmRkey.class);
            assertThat(own.response()).isFalse();
            assertThat(BenchB.announce(link, 1002)).isTrue(); // the other end does the same
            assertThat(BenchB.withdraw(link, 1002)).isTrue();
            link.receive(own.answer(true));
            handshake.expect(JoinReply.Offered.class);
        }
    }

    @Test
    void shouldAnswerThePeersRequestsWhileAWithdrawalOfOursWaits() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = bench.listedServer(1);
            FakeQpA link = server.link1();
            BenchB.first(server).kill();
            LlcDeleteRkey own = BenchB.expectDelete(link, server.offer());
            assertThat(BenchB.announce(link, 1002)).isTrue();
            assertThat(BenchB.withdraw(link, 1001)).isTrue(); // the peer leaves the same connection
            link.receive(own.answer(List.of()));
            bench.everythingHeard(link);
        }
    }

    @Test
    void shouldAnswerThePeersRequestsWhileALinkIsBeingAdded() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = bench.listedServer(2);
            server.link1().expect(LlcAddLink.class);
            assertThat(BenchB.announce(server.link1(), 1002)).isTrue();
            assertThat(BenchB.withdraw(server.link1(), 1002)).isTrue();
        }
    }
}
