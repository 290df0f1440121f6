package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.group.JoinReply;
import io.smc4j.actors.group.LinkGroup;
import io.smc4j.protocol.llc.LlcConfirmRkey;
import io.smc4j.protocol.llc.LlcDeleteRkey;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * the answer to DELETE RKEY is lost or late, so the peer may still write into the buffer. Nobody else gets it until the
 * answer is there, and a late answer is not taken for that to another buffer's withdrawal.
 */
@Timeout(60)
class R34BufferReusedWhilePeerCanWriteTest {
    private static final Duration LLC_WAIT = Duration.ofSeconds(2);

    @Test
    void shouldGiveTheBufferToNobodyBeforeTheAnswerAndToTheNextThen() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = bench.listedServer(1);
            FakeQpA link = server.link1();
            BenchB.Open old = BenchB.first(server);
            old.kill();
            LlcDeleteRkey request = BenchB.expectDelete(link, old.end());
            bench.everythingHeard(link);
            bench.advance(LLC_WAIT); // no answer
            BenchB.Open next = BenchB.open(bench, server, link, 2);
            assertThat(next.end().rkey()).isNotEqualTo(old.end().rkey());
            BenchB.rmb(bench, old.end()).fill((byte) 0x66); // the peer's late write
            assertThat(BenchB.isZero(BenchB.rmb(bench, next.end()))).isTrue();

            link.receive(request.answer(List.of()));
            bench.everythingHeard(link);
            BenchB.Open third = BenchB.open(bench, server, link, 3);
            assertThat(third.end().rkey()).isEqualTo(old.end().rkey());
            assertThat(BenchB.isZero(BenchB.rmb(bench, third.end())))
                    .as("zeroed")
                    .isTrue();
        }
    }

    @Test
    void shouldNotTakeTheLateAnswerForThatToTheNextWithdrawal() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = bench.listedServer(1);
            FakeQpA link = server.link1();
            BenchB.Open one = BenchB.first(server);
            BenchB.Open two = BenchB.open(bench, server, link, 2);
            one.kill();
            LlcDeleteRkey late = BenchB.expectDelete(link, one.end());
            bench.everythingHeard(link);
            bench.advance(LLC_WAIT);
            two.kill(); // no second DELETE RKEY may go out: its answer could not be told from the late one
            bench.awaitStopped(two.actor());
            bench.everythingHeard(link);
            link.receive(late.answer(List.of()));
            bench.everythingHeard(link);
            BenchA.Handshake handshake = bench.joinServer(server.group());
            LlcConfirmRkey confirm = link.expect(LlcConfirmRkey.class);
            assertThat(confirm.rkey())
                    .as("the buffer whose answer came")
                    .isEqualTo(one.end().rkey());
            link.receive(confirm.answer(true));
            handshake.expect(JoinReply.Offered.class);
            BenchA.Handshake another = bench.joinServer(server.group());
            LlcConfirmRkey fresh = link.expect(LlcConfirmRkey.class);
            assertThat(fresh.rkey())
                    .as("never the buffer that was not withdrawn")
                    .isNotEqualTo(two.end().rkey());
            link.receive(fresh.answer(true));
            another.expect(JoinReply.Offered.class);
        }
    }

    /** The other direction, found by the explorer: the peer's handshake failed after ours was complete, and it takes its RMB back. */
    @Test
    void shouldEndAConnectionWhosePeerWithdrawsItsBufferAndAnswerOnlyThen() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed client = bench.listedClient(1);
            FakeQpA link = client.link1();
            assertThat(BenchB.announce(link, 1002)).isTrue();
            BenchA.Handshake handshake = bench.joinClient(client.group(), false, 2);
            JoinReply.Offered offered = bench.offered(handshake, link);
            client.group().tell(new LinkGroup.ConfirmSent(offered.connection()));
            var unaware = handshake.expect(JoinReply.Connected.class).connection();

            link.receive(LlcDeleteRkey.request(2, List.of(1002)));
            bench.everythingHeard(link);
            bench.advance(Duration.ofMillis(20)); // nothing came over another link either
            bench.awaitStopped(unaware);
            BenchB.expectDelete(link, BenchB.end(offered)); // first our own buffer: there is no answer to the peer yet
            bench.advance(Duration.ofMillis(20));
            LlcDeleteRkey answer = link.expect(LlcDeleteRkey.class);
            assertThat(answer.response()).isTrue();
            assertThat(answer.negative()).isFalse();
        }
    }

    @Test
    void shouldRefuseAHandshakeThatNamesAWithdrawnBuffer() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed client = bench.listedClient(1);
            FakeQpA link = client.link1();
            assertThat(BenchB.announce(link, 1002)).isTrue();
            assertThat(BenchB.withdraw(link, 1002)).isTrue(); // overtakes ACCEPT
            bench.joinClient(client.group(), false, 2).expect(JoinReply.Failed.class);
            assertThat(BenchB.announce(link, 1002)).as("used again").isTrue();
            bench.offered(bench.joinClient(client.group(), false, 2), link);
        }
    }

    @Test
    void shouldFreeQuarantinedMemoryWithItsGroup() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = bench.listedServer(1);
            BenchB.first(server).kill();
            BenchB.expectDelete(server.link1(), server.offer());
            bench.everythingHeard(server.link1());
            bench.advance(LLC_WAIT);
            server.link1().breakNow(); // the answer never comes
            bench.awaitStopped(server.group());
            bench.assertNothingLeft();
        }
    }
}
