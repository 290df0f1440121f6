package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.group.GroupKey;
import io.smc4j.actors.group.GroupNotice;
import io.smc4j.actors.group.GroupSpec;
import io.smc4j.actors.group.JoinReply;
import io.smc4j.actors.group.LinkGroupRegistry;
import io.smc4j.actors.group.LocalOffer;
import io.smc4j.protocol.clc.DiagnosisCode;
import io.smc4j.protocol.llc.LlcConfirmLink;
import io.smc4j.protocol.llc.LlcConfirmRkey;
import io.smc4j.protocol.llc.LlcDeleteLink;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** a link is chosen for a connection and dies before the connection's rkey flow begins. */
@Timeout(60)
class R02LinkUsedAfterClearTest {
    @Test
    void shouldBeginTheFlowOnALinkThatIsThereByThen() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed client = bench.listedClient(2);
            FakeQpA second = bench.secondLinkOfClient(client);
            bench.blocking.close(); // between the choice of link 1 and the flow: the buffer is being claimed
            BenchA.Handshake handshake = bench.joinClient(client.group(), false, 2);
            BenchA.until(() -> assertThat(bench.blocking.waiting()).isPositive());
            client.link1().breakNow();
            assertThat(second.expect(LlcDeleteLink.class).linkNumber()).isEqualTo(1);
            bench.blocking.open();
            JoinReply.Offered offered = bench.offered(handshake, second);
            assertThat(((LocalOffer.Smcr) offered.offer()).endpoint().qpNumber())
                    .as("the link it is on now")
                    .isEqualTo(second.number());
        }
    }

    @Test
    void shouldFailTheHandshakeAndFreeEverythingIfThereIsNoOtherLink() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed client = bench.listedClient(1);
            bench.blocking.close();
            BenchA.Handshake handshake = bench.joinClient(client.group(), false, 2);
            BenchA.until(() -> assertThat(bench.blocking.waiting()).isPositive());
            client.link1().breakNow();
            handshake.expect(JoinReply.Failed.class);
            bench.blocking.open();
            bench.awaitStopped(client.group());
            bench.assertNothingLeft();
        }
    }

    @Test
    void shouldRefuseOneConnectionAndNotDenyTheGroupWhenAcceptNamesALinkThatIsGone() throws Exception {
        try (BenchA bench = new BenchA()) {
            ActorRef<LinkGroupRegistry.Command> registry = bench.kit.spawn(LinkGroupRegistry.create(bench.node));
            TestProbe<LinkGroupRegistry.Granted> asker = bench.kit.createTestProbe(LinkGroupRegistry.Granted.class);
            GroupKey key = new GroupKey.Smcr(BenchA.PEER.value(), BenchA.peerGid(1));
            GroupSpec.Limits limits = new GroupSpec.Limits(2, 16);
            registry.tell(new LinkGroupRegistry.ForServer(key, limits, true, BenchA.FIRST_PEER_QP, asker.getRef()));
            var group = java.util.Objects.requireNonNull(asker.receiveMessage().group());
            BenchA.Handshake first = bench.joinClient(group, true, 1);
            JoinReply.Offered offered = first.expect(JoinReply.Offered.class);
            group.tell(new io.smc4j.actors.group.LinkGroup.ConfirmSent(offered.connection()));
            FakeQpA link1 = bench.qp(0);
            link1.receive(BenchA.confirmLink(false, 1, BenchA.FIRST_PEER_QP, BenchA.peerGid(1)));
            link1.expect(LlcConfirmLink.class);
            first.expect(JoinReply.Connected.class);
            link1.receive(BenchA.addLink(false, 2, 2));
            link1.next();
            FakeQpA second = bench.qp(1);
            second.receive(BenchA.confirmLink(false, 2, BenchA.FIRST_PEER_QP + 2, BenchA.peerGid(2)));
            second.expect(LlcConfirmLink.class);

            link1.breakNow();
            assertThat(second.expect(LlcDeleteLink.class).linkNumber()).isEqualTo(1);
            // Refused by a group that has forgotten the link, and alone: no reason for the server to end the group.
            BenchA.until(() -> assertThat(bench.joinClient(group, false, 2)
                            .expect(JoinReply.Refused.class)
                            .reason())
                    .isEqualTo(DiagnosisCode.NOSRVLINK));
            // The server sent ACCEPT before it heard of the failure.
            registry.tell(new LinkGroupRegistry.ForServer(key, limits, false, BenchA.FIRST_PEER_QP, asker.getRef()));
            assertThat(asker.receiveMessage().group()).as("the group lives on").isEqualTo(group);
            registry.tell(new LinkGroupRegistry.ForServer(key, limits, false, 0x999, asker.getRef()));
            assertThat(asker.receiveMessage().group())
                    .as("a queue pair never heard of")
                    .isNull();
            assertThat(bench.notices).noneMatch(GroupNotice.Unlisted.class::isInstance);
            bench.everythingHeard(second);
        }
    }

    @Test
    void shouldSendTheRequestAgainWhenItsLinkDiesUnderIt() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed client = bench.listedClient(2);
            FakeQpA second = bench.secondLinkOfClient(client);
            BenchA.Handshake handshake = bench.joinClient(client.group(), false, 2);
            LlcConfirmRkey asked = client.link1().expect(LlcConfirmRkey.class);
            client.link1().breakNow();
            assertThat(second.expect(LlcDeleteLink.class).linkNumber()).isEqualTo(1);
            LlcConfirmRkey again = second.expect(LlcConfirmRkey.class);
            assertThat(again.address()).isEqualTo(asked.address());
            second.receive(again.answer(true));
            handshake.expect(JoinReply.Offered.class);
        }
    }
}
