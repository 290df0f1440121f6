package io.smc4j.races;

import io.smc4j.actors.group.JoinReply;
import io.smc4j.actors.group.LinkGroup;
import io.smc4j.protocol.lifecycle.group.GroupRole;
import io.smc4j.protocol.llc.LlcAddLink;
import io.smc4j.protocol.llc.LlcConfirmLink;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * the second link of the very first connection is half built when other code changes the same links. All of it happens in
 * the group's turn, first contact included.
 */
@Timeout(60)
class R55AddLinkOnFirstContactTest {
    enum Moment {
        QUEUE_PAIR_IN_THE_MAKING,
        REQUEST_SENT,
        ANSWERED,
        CONFIRM_LINK_SENT
    }

    /** A server whose first contact is just complete: ADD LINK begins. */
    private static BenchA.Listed firstContact(BenchA bench, boolean holdBlockingCalls) throws Exception {
        ActorRef<LinkGroup.Command> group = bench.group(GroupRole.SERVER, 2);
        BenchA.Handshake handshake = bench.joinServer(group);
        JoinReply.Offered offered = handshake.expect(JoinReply.Offered.class);
        group.tell(new LinkGroup.PeerSmcr(offered.connection(), BenchA.peerEnd(1)));
        FakeQpA link = bench.qp(0);
        link.expect(LlcConfirmLink.class);
        if (holdBlockingCalls) {
            bench.blocking.close();
        }
        link.receive(BenchA.confirmLink(true, 1, BenchA.FIRST_PEER_QP, BenchA.peerGid(1)));
        JoinReply.Connected connected = handshake.expect(JoinReply.Connected.class);
        return new BenchA.Listed(group, link, offered.connection(), connected.connection(), BenchB.end(offered));
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndInOrderWhenTheFirstLinkFailsAtAnyMomentOfAddingTheSecond(Moment moment) throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = firstContact(bench, moment == Moment.QUEUE_PAIR_IN_THE_MAKING);
            BenchA.Handshake meanwhile = bench.joinServer(server.group()); // its rkey waits for the flow
            if (moment != Moment.QUEUE_PAIR_IN_THE_MAKING) {
                int number = server.link1().expect(LlcAddLink.class).linkNumber();
                if (moment != Moment.REQUEST_SENT) {
                    server.link1().receive(BenchA.addLink(true, number, 2));
                }
                if (moment == Moment.CONFIRM_LINK_SENT) {
                    bench.qp(1).next();
                }
            }
            server.link1().breakNow();
            if (moment == Moment.QUEUE_PAIR_IN_THE_MAKING) {
                bench.blocking.open();
            }
            meanwhile.expect(JoinReply.Failed.class);
            bench.awaitStopped(server.actor());
            bench.awaitStopped(server.group());
            bench.assertNothingLeft();
        }
    }
}
