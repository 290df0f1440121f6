package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.connection.Connection;
import io.smc4j.actors.group.JoinReply;
import io.smc4j.actors.group.LinkGroup;
import io.smc4j.actors.node.ActorDecorator;
import io.smc4j.protocol.PathMtu;
import io.smc4j.protocol.SmcVersion;
import io.smc4j.protocol.lifecycle.group.GroupRole;
import io.smc4j.protocol.llc.AddLinkRkey;
import io.smc4j.protocol.llc.LlcAddLink;
import io.smc4j.protocol.llc.LlcAddLinkContinue;
import io.smc4j.protocol.llc.LlcConfirmLink;
import io.smc4j.protocol.llc.LlcConfirmRkey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;

/** The other end of a link group of version 1, on a {@link BenchA}. */
final class Version1Peer {
    private Version1Peer() {}

    static BenchA bench(int ports) throws Exception {
        return new BenchA(1, ports, "smc4j.versions = both", ActorDecorator.NONE);
    }

    static LlcConfirmLink confirmLink(boolean response, int number, int qp, int port) {
        return new LlcConfirmLink(
                1,
                response,
                LlcConfirmLink.NO_EYECATCHERS,
                BenchA.PEER_MAC,
                BenchA.peerGid(port),
                qp,
                number,
                0x200 + number,
                2,
                0);
    }

    static LlcAddLink addLink(boolean response, int number, int port) {
        return new LlcAddLink(
                1,
                response,
                false,
                0,
                BenchA.PEER_MAC,
                BenchA.peerGid(port),
                BenchA.FIRST_PEER_QP + number,
                number,
                Optional.of(PathMtu.M1024),
                1,
                Optional.empty());
    }

    /** What the RMBs of {@link BenchA#peerEnd} are called on the next link, from one token to another. @param left with these */
    static LlcAddLinkContinue keys(boolean response, int number, int left, int fromToken, int toToken) {
        return new LlcAddLinkContinue(
                response,
                number,
                left,
                IntStream.rangeClosed(fromToken, toToken)
                        .mapToObj(token -> new AddLinkRkey(1000 + token, 2000 + token, 0x10000L * token))
                        .toList());
    }

    static BenchA.Listed listedServer(BenchA bench) throws Exception {
        ActorRef<LinkGroup.Command> group = bench.group(SmcVersion.V1, GroupRole.SERVER, 2);
        BenchA.Handshake handshake = bench.joinServer(group);
        JoinReply.Offered offered = handshake.expect(JoinReply.Offered.class);
        group.tell(new LinkGroup.PeerSmcr(offered.connection(), BenchA.peerEnd(1)));
        FakeQpA link = bench.qp(0);
        LlcConfirmLink request = link.expect(LlcConfirmLink.class);
        assertThat(request.version()).isEqualTo(1);
        assertThat(request.maxLinks()).isEqualTo(2);
        assertThat(request.maxConnections()).as("a reserved byte in version 1").isZero();
        link.receive(confirmLink(true, request.linkNumber(), BenchA.FIRST_PEER_QP, 1));
        return bench.listed(group, link, offered, handshake);
    }

    static BenchA.Listed listedClient(BenchA bench) throws Exception {
        ActorRef<LinkGroup.Command> group = bench.group(SmcVersion.V1, GroupRole.CLIENT, 2);
        BenchA.Handshake handshake = bench.joinClient(group, true, 1);
        JoinReply.Offered offered = handshake.expect(JoinReply.Offered.class);
        group.tell(new LinkGroup.ConfirmSent(offered.connection()));
        FakeQpA link = bench.qp(0);
        link.receive(confirmLink(false, 1, BenchA.FIRST_PEER_QP, 1));
        assertThat(link.expect(LlcConfirmLink.class).version()).isEqualTo(1);
        return bench.listed(group, link, offered, handshake);
    }

    /** More connections of a client's group. */
    static List<ActorRef<Connection.Command>> openMore(BenchA bench, BenchA.Listed client, int lastToken)
            throws Exception {
        List<ActorRef<Connection.Command>> all = new ArrayList<>(List.of(client.actor()));
        for (int token = 2; token <= lastToken; token++) {
            BenchA.Handshake handshake = bench.joinClient(client.group(), false, token);
            LlcConfirmRkey confirm = client.link1().expect(LlcConfirmRkey.class);
            assertThat(confirm.version()).isEqualTo(1);
            client.link1().receive(confirm.answer(true));
            JoinReply.Offered offered = handshake.expect(JoinReply.Offered.class);
            client.group().tell(new LinkGroup.ConfirmSent(offered.connection()));
            all.add(handshake.expect(JoinReply.Connected.class).connection());
        }
        return all;
    }

    /** A server that has sent ADD LINK and its first ADD LINK CONTINUE. @return the number of the new link */
    static int exchanging(BenchA bench, BenchA.Listed server) throws Exception {
        LlcAddLink request = server.link1().expect(LlcAddLink.class);
        assertThat(request.version()).isEqualTo(1);
        assertThat(request.extension()).isEmpty();
        server.link1().receive(addLink(true, request.linkNumber(), 2));
        LlcAddLinkContinue first = server.link1().expect(LlcAddLinkContinue.class);
        assertThat(first.response()).isFalse();
        assertThat(first.linkNumber()).isEqualTo(request.linkNumber());
        assertThat(first.rkeysLeft()).isEqualTo(1);
        assertThat(first.rkeys())
                .extracting(AddLinkRkey::rkeyOnCarryingLink)
                .containsExactly(server.offer().rkey());
        return request.linkNumber();
    }

    /** The group has taken all that was received on the link so far, and sent nothing because of it. */
    static void everythingHeard(FakeQpA link) throws Exception {
        link.receive(LlcConfirmRkey.request(1, 0x7777, 0x7777, List.of()));
        assertThat(link.next()).isInstanceOfSatisfying(LlcConfirmRkey.class, answer -> {
            assertThat(answer.version()).isEqualTo(1);
            assertThat(answer.rkey()).isEqualTo(0x7777);
        });
    }
}
