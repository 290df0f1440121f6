package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.actors.group.JoinReply;
import io.smc4j.actors.group.LinkGroup;
import io.smc4j.protocol.llc.AddLinkRkey;
import io.smc4j.protocol.llc.LinkRtoken;
import io.smc4j.protocol.llc.LlcAddLink;
import io.smc4j.protocol.llc.LlcConfirmLink;
import io.smc4j.protocol.llc.LlcConfirmRkey;
import io.smc4j.protocol.llc.LlcDeleteLink;
import io.smc4j.protocol.llc.LlcDeleteRkey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * connections come and go while rkeys are exchanged for a new link. The message is one snapshot; who comes later announces
 * its key by itself, on both links, when the flow is over; who has left withdraws it then.
 */
@Timeout(60)
class R37ConnectionsComeWhileLinkIsAddedTest {
    private static BenchB.Open openClient(BenchA bench, BenchA.Listed client, int token) throws Exception {
        BenchA.Handshake handshake = bench.joinClient(client.group(), false, token);
        JoinReply.Offered offered = bench.offered(handshake, client.link1());
        client.group().tell(new LinkGroup.ConfirmSent(offered.connection()));
        JoinReply.Connected connected = handshake.expect(JoinReply.Connected.class);
        return new BenchB.Open(offered.connection(), connected.connection(), BenchB.end(offered));
    }

    @Test
    void shouldAnnounceEveryLiveRmbOnTheNewLinkExactlyOnce() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed client = bench.listedClient(2);
            FakeQpA link = client.link1();
            BenchB.Open stays = openClient(bench, client, 2);
            BenchB.Open leaves = openClient(bench, client, 3);

            bench.blocking.close();
            link.receive(BenchA.addLink(false, 2, 2));
            BenchA.until(() -> assertThat(bench.blocking.waiting()).isEqualTo(1)); // the new queue pair
            leaves.kill();
            bench.awaitStopped(leaves.actor());
            bench.blocking.letOneGo();
            BenchA.until(() -> assertThat(bench.blocking.waiting()).isEqualTo(1)); // on to RTR
            BenchA.Handshake comes = bench.joinClient(client.group(), false, 4);
            BenchA.until(() -> assertThat(bench.blocking.waiting()).isEqualTo(2)); // its buffer
            bench.blocking.letOneGo();
            LlcAddLink answer = link.expect(LlcAddLink.class);
            List<AddLinkRkey> told = answer.extension().orElseThrow().rkeys();
            assertThat(told)
                    .extracting(AddLinkRkey::rkeyOnCarryingLink)
                    .containsExactlyInAnyOrder(
                            client.offer().rkey(), stays.end().rkey());

            bench.blocking.open(); // the buffer is there, in the middle of the flow
            bench.everythingHeard(link);
            FakeQpA second = bench.qp(1);
            second.receive(BenchA.confirmLink(false, 2, BenchA.FIRST_PEER_QP + 2, BenchA.peerGid(2)));
            second.expect(LlcConfirmLink.class);
            List<Integer> onNewLink = new ArrayList<>();
            LlcDeleteRkey withdrawn = BenchB.expectDelete(link, leaves.end());
            link.receive(withdrawn.answer(List.of()));
            LlcConfirmRkey confirm = link.expect(LlcConfirmRkey.class);
            confirm.additional().forEach(token -> onNewLink.add(token.linkNumber()));
            assertThat(onNewLink).containsExactly(2);
            assertThat(confirm.additional())
                    .extracting(LinkRtoken::rkey)
                    .doesNotContain(leaves.end().rkey());
            link.receive(confirm.answer(true));
            comes.expect(JoinReply.Offered.class);
        }
    }

    @Test
    void shouldLearnThePeersKeysInWhateverOrderTheyCome() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = bench.listedServer(2);
            int number = server.link1().expect(LlcAddLink.class).linkNumber();
            // The peer's own CONFIRM RKEY crosses our ADD LINK, and names one link only; its answer names the other.
            assertThat(BenchB.announce(server.link1(), 1002)).isTrue();
            server.link1().receive(BenchA.addLink(true, number, 2));
            FakeQpA second = bench.qp(1);
            second.expect(LlcConfirmLink.class);
            second.receive(BenchA.confirmLink(true, number, BenchA.FIRST_PEER_QP + number, BenchA.peerGid(2)));
            BenchB.Open open = BenchB.open(bench, server, server.link1(), 2);
            server.link1().breakNow();
            TestProbe<Object> watcher = bench.kit.createTestProbe();
            second.expect(LlcDeleteLink.class); // the failover is under way
            assertThatThrownBy(() -> watcher.expectTerminated(open.actor(), Duration.ofMillis(100)))
                    .isInstanceOf(AssertionError.class);
        }
    }
}
