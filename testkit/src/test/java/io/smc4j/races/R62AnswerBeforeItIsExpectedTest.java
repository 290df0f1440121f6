package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.actors.group.JoinReply;
import io.smc4j.actors.group.LinkGroup;
import io.smc4j.protocol.lifecycle.group.GroupRole;
import io.smc4j.protocol.llc.LlcAddLink;
import io.smc4j.protocol.llc.LlcConfirmLink;
import io.smc4j.protocol.llc.LlcDeleteLink;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * a fast server's CONFIRM LINK, and even its ADD LINK, are there before the client's group knows that CLC CONFIRM went out.
 * Everything they meet was armed before CONFIRM was offered for sending.
 */
@Timeout(60)
class R62AnswerBeforeItIsExpectedTest {
    @Test
    void shouldTakeConfirmLinkBeforeItHeardThatConfirmWasSent() throws Exception {
        try (BenchA bench = new BenchA()) {
            ActorRef<LinkGroup.Command> group = bench.group(GroupRole.CLIENT, 1);
            BenchA.Handshake handshake = bench.joinClient(group, true, 1);
            JoinReply.Offered offered = handshake.expect(JoinReply.Offered.class);
            FakeQpA link = bench.qp(0);
            link.receive(BenchA.confirmLink(false, 1, BenchA.FIRST_PEER_QP, BenchA.peerGid(1)));
            assertThat(link.expect(LlcConfirmLink.class).response()).isTrue();
            group.tell(new LinkGroup.ConfirmSent(offered.connection()));
            handshake.expect(JoinReply.Connected.class);
        }
    }

    @Test
    void shouldLearnTheServersKeyOnTheNewLinkBeforeItHeardThatConfirmWasSent() throws Exception {
        try (BenchA bench = new BenchA()) {
            ActorRef<LinkGroup.Command> group = bench.group(GroupRole.CLIENT, 2);
            BenchA.Handshake handshake = bench.joinClient(group, true, 1);
            JoinReply.Offered offered = handshake.expect(JoinReply.Offered.class);
            FakeQpA link = bench.qp(0);
            link.receive(BenchA.confirmLink(false, 1, BenchA.FIRST_PEER_QP, BenchA.peerGid(1)));
            link.expect(LlcConfirmLink.class);
            link.receive(BenchA.addLink(false, 2, 2)); // names the RMB of ACCEPT by its key
            link.expect(LlcAddLink.class);
            FakeQpA second = bench.qp(1);
            second.receive(BenchA.confirmLink(false, 2, BenchA.FIRST_PEER_QP + 2, BenchA.peerGid(2)));
            second.expect(LlcConfirmLink.class);
            group.tell(new LinkGroup.ConfirmSent(offered.connection()));
            JoinReply.Connected connected = handshake.expect(JoinReply.Connected.class);

            link.breakNow();
            second.expect(LlcDeleteLink.class);
            TestProbe<Object> watcher = bench.kit.createTestProbe();
            assertThatThrownBy(() -> watcher.expectTerminated(connected.connection(), Duration.ofMillis(100)))
                    .as("it can be moved")
                    .isInstanceOf(AssertionError.class);
        }
    }
}
