package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.group.JoinReply;
import io.smc4j.actors.node.ActorDecorator;
import io.smc4j.protocol.llc.LinkRtoken;
import io.smc4j.protocol.llc.LlcAddLink;
import io.smc4j.protocol.llc.LlcConfirmLink;
import io.smc4j.protocol.llc.LlcConfirmRkey;
import io.smc4j.protocol.llc.LlcDeleteRkey;
import io.smc4j.rdma.QueuePairState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * a buffer that was not in use while the second link was added is claimed then, and used on a link where it was never
 * registered. Buffers are registered on every device when they are made, and the peer hears of all active links at once.
 */
@Timeout(60)
class R36BufferNotRegisteredOnNewLinkTest {
    /** The second link, on the other device. */
    private static FakeQpA secondLink(BenchA bench, BenchA.Listed server, LlcAddLink request) throws Exception {
        FakeRdmaA other = bench.devices.get(1);
        BenchA.until(() -> assertThat(other.queuePairs).isNotEmpty());
        FakeQpA second = other.queuePairs.getFirst();
        server.link1().receive(BenchA.addLink(true, request.linkNumber(), 2));
        second.expect(LlcConfirmLink.class);
        second.receive(BenchA.confirmLink(
                true, request.linkNumber(), BenchA.FIRST_PEER_QP + request.linkNumber(), BenchA.peerGid(2)));
        return second;
    }

    private static void assertUsableOnBothLinks(BenchA bench, LlcConfirmRkey confirm, int newLink) {
        assertThat(confirm.additional()).extracting(LinkRtoken::linkNumber).containsExactly(newLink);
        LinkRtoken onNew = confirm.additional().getFirst();
        assertThat(bench.devices.get(0).memory(confirm.rkey(), confirm.address(), 1024))
                .isNotNull();
        assertThat(bench.devices.get(1).memory(onNew.rkey(), onNew.address(), 1024))
                .isNotNull();
        assertThat(onNew.rkey()).isNotEqualTo(confirm.rkey());
    }

    @Test
    void shouldTellBothKeysOfABufferClaimedWhileTheLinkIsBeingAdded() throws Exception {
        try (BenchA bench = new BenchA(2, 1, "", ActorDecorator.NONE)) {
            BenchA.Listed server = bench.listedServer(2);
            LlcAddLink request = server.link1().expect(LlcAddLink.class);
            BenchA.Handshake handshake = bench.joinServer(server.group()); // claimed now, waits for the flow
            bench.everythingHeard(server.link1());
            secondLink(bench, server, request);
            LlcConfirmRkey confirm = server.link1().expect(LlcConfirmRkey.class);
            assertUsableOnBothLinks(bench, confirm, request.linkNumber());
            server.link1().receive(confirm.answer(true));
            handshake.expect(JoinReply.Offered.class);
        }
    }

    @Test
    void shouldTellBothKeysOfABufferThatLayUnusedWhileTheLinkWasAdded() throws Exception {
        try (BenchA bench = new BenchA(2, 1, "", ActorDecorator.NONE)) {
            BenchA.Listed server = bench.listedServer(2);
            FakeQpA link = server.link1();
            LlcAddLink request = link.expect(LlcAddLink.class);
            BenchB.first(server).kill(); // its DELETE RKEY waits for the flow
            bench.awaitStopped(server.actor());
            secondLink(bench, server, request);
            LlcDeleteRkey delete = BenchB.expectDelete(link, server.offer());
            link.receive(delete.answer(List.of()));
            bench.everythingHeard(link);
            bench.joinServer(server.group());
            LlcConfirmRkey confirm = link.expect(LlcConfirmRkey.class);
            assertThat(confirm.rkey())
                    .as("the same buffer")
                    .isEqualTo(server.offer().rkey());
            assertUsableOnBothLinks(bench, confirm, request.linkNumber());
        }
    }

    @Test
    void shouldEndAConnectionForWhichThePeerNeverToldAKeyOnTheNewLink() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = bench.listedServer(2);
            FakeQpA second = bench.secondLink(server);
            // Known on the first link only: the peer forgot the second.
            assertThat(BenchB.announce(server.link1(), 1055)).isTrue();
            BenchB.Open open = BenchB.open(bench, server, server.link1(), 55);
            server.link1().breakNow();
            bench.awaitStopped(open.actor()); // with a stated reason, and not when somebody asks
            assertThat(second.state()).as("others go on").isEqualTo(QueuePairState.RTS);
        }
    }
}
