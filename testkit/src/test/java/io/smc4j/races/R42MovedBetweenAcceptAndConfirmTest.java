package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.connection.Connection;
import io.smc4j.actors.group.JoinReply;
import io.smc4j.actors.group.LinkGroup;
import io.smc4j.actors.node.ActorDecorator;
import io.smc4j.protocol.lifecycle.connection.AbortCause;
import io.smc4j.protocol.llc.LinkRtoken;
import io.smc4j.protocol.llc.LlcAddLink;
import io.smc4j.protocol.llc.LlcConfirmLink;
import io.smc4j.protocol.llc.LlcConfirmRkey;
import io.smc4j.protocol.llc.LlcDeleteLink;
import io.smc4j.protocol.llc.LlcDeleteRkey;
import io.smc4j.rdma.QueuePairState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * R-42, in the handshake: between ACCEPT and CONFIRM the connection is moved to a link on another device. The key in CONFIRM is one
 * of the link that the client named; taken for one of the new link, it would lead writes into somebody else's memory.
 */
@Timeout(60)
class R42MovedBetweenAcceptAndConfirmTest {
    private static final int KEY_ON_OLD = 1002;
    private static final int KEY_ON_NEW = 2002;

    private static BenchA.Handshake offeredThenMoved(BenchA bench, BenchA.Listed server, FakeQpA[] second, long[] id)
            throws Exception {
        FakeQpA link = server.link1();
        int number = link.expect(LlcAddLink.class).linkNumber();
        FakeRdmaA other = bench.devices.get(1);
        BenchA.until(() -> assertThat(other.queuePairs).isNotEmpty());
        second[0] = other.queuePairs.getFirst();
        link.receive(BenchA.addLink(true, number, 2));
        second[0].expect(LlcConfirmLink.class);
        second[0].receive(BenchA.confirmLink(true, number, BenchA.FIRST_PEER_QP + number, BenchA.peerGid(2)));
        BenchA.Handshake handshake = bench.joinServer(server.group());
        id[0] = bench.offered(handshake, link).connection();
        link.withholding = true; // from the answer on: the old link stays in the books for a while
        link.receive(LlcConfirmRkey.request(
                2, KEY_ON_OLD, 0x20000, List.of(new LinkRtoken(number, KEY_ON_NEW, 0x30000)))); // the client's RMB
        link.expect(LlcConfirmRkey.class);
        link.breakNow();
        LlcDeleteLink request = second[0].expect(LlcDeleteLink.class);
        second[0].receive(new LlcDeleteLink(2, true, false, true, request.linkNumber(), 0));
        return handshake;
    }

    private static boolean known(FakeQpA link, int rkey) throws Exception {
        link.receive(LlcDeleteRkey.request(2, List.of(rkey)));
        while (true) { // a replacement for the old link may be on its way
            if (link.next() instanceof LlcDeleteRkey answer) {
                return !answer.negative();
            }
        }
    }

    @Test
    void shouldTakeTheKeyInConfirmForOneOfTheLinkThatItNames() throws Exception {
        try (BenchA bench = new BenchA(2, 1, "", ActorDecorator.NONE)) {
            BenchA.Listed server = bench.listedServer(2);
            FakeQpA[] second = new FakeQpA[1];
            long[] id = new long[1];
            BenchA.Handshake handshake = offeredThenMoved(bench, server, second, id);
            server.group().tell(new LinkGroup.PeerSmcr(id[0], BenchA.peerEnd(2)));
            JoinReply.Connected connected = handshake.expect(JoinReply.Connected.class);
            connected.connection().tell(new Connection.Kill(AbortCause.APPLICATION_ABORT, "the test ends it"));
            bench.awaitStopped(connected.connection()); // a key in use is not let go at once
            assertThat(known(second[0], KEY_ON_OLD))
                    .as("a key of the other device")
                    .isFalse();
            assertThat(known(second[0], KEY_ON_NEW)).isTrue();
            server.link1().releaseCompletions();
        }
    }

    @Test
    void shouldNotGuessWhenTheLinkThatConfirmNamesIsGone() throws Exception {
        try (BenchA bench = new BenchA(2, 1, "", ActorDecorator.NONE)) {
            BenchA.Listed server = bench.listedServer(2);
            FakeQpA[] second = new FakeQpA[1];
            long[] id = new long[1];
            BenchA.Handshake handshake = offeredThenMoved(bench, server, second, id);
            server.link1().releaseCompletions();
            BenchA.until(() -> assertThat(server.link1().state()).isEqualTo(QueuePairState.DESTROYED));
            BenchA.until(() -> assertThat(bench.notices.getLast().toString())
                    .doesNotContainPattern("\\b" + BenchA.FIRST_PEER_QP + "\\b"));
            server.group().tell(new LinkGroup.PeerSmcr(id[0], BenchA.peerEnd(2)));
            assertThat(handshake.expect(JoinReply.Failed.class).detail()).contains("is gone");
            assertThat(known(second[0], KEY_ON_OLD)).isFalse();
        }
    }
}
