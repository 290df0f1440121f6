package io.smc4j.races;

import static io.smc4j.races.Version1Peer.addLink;
import static io.smc4j.races.Version1Peer.confirmLink;
import static io.smc4j.races.Version1Peer.everythingHeard;
import static io.smc4j.races.Version1Peer.keys;
import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.connection.Connection;
import io.smc4j.actors.group.GroupNotice;
import io.smc4j.actors.group.LinkGroup;
import io.smc4j.protocol.lifecycle.group.LocalPort;
import io.smc4j.protocol.llc.AddLinkRkey;
import io.smc4j.protocol.llc.DeleteReason;
import io.smc4j.protocol.llc.LlcAddLink;
import io.smc4j.protocol.llc.LlcAddLinkContinue;
import io.smc4j.protocol.llc.LlcConfirmLink;
import io.smc4j.protocol.llc.LlcConfirmRkey;
import io.smc4j.protocol.llc.LlcDeleteLink;
import io.smc4j.protocol.llc.LlcDeleteRkey;
import io.smc4j.protocol.llc.LlcMessage;
import io.smc4j.protocol.llc.LlcRequestAddLink;
import io.smc4j.protocol.llc.LlcTestLink;
import io.smc4j.rdma.PortGid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Link control of version 1, message by message, with a peer that may be wrong. */
@Timeout(60)
class Version1LinksTest {
    @Test
    void shouldExchangeKeysAsServerAndThenConfirmTheLink() throws Exception {
        try (BenchA bench = Version1Peer.bench(2)) {
            BenchA.Listed server = Version1Peer.listedServer(bench);
            int number = Version1Peer.exchanging(bench, server);
            FakeQpA link = server.link1();
            link.receive(keys(true, number, 3, 1, 2));
            assertThat(link.expect(LlcAddLinkContinue.class).rkeysLeft())
                    .as("none left, but the client has one")
                    .isZero();
            FakeQpA second = bench.qp(1);
            assertThat(second.unread()).isZero();
            link.receive(keys(true, number, 1, 3, 3));
            assertThat(second.expect(LlcConfirmLink.class).linkNumber()).isEqualTo(number);
            second.receive(confirmLink(true, number, BenchA.FIRST_PEER_QP + number, 2));
            BenchA.until(() -> assertThat(bench.notices.getLast())
                    .isInstanceOfSatisfying(
                            GroupNotice.Reachable.class,
                            reachable -> assertThat(reachable.peerQpNumbers()).hasSize(2)));

            // The peer's RMB has a name on the new link: its connection is moved there and lives on.
            link.breakNow();
            LlcDeleteLink lost = second.expect(LlcDeleteLink.class);
            assertThat(lost.version()).isEqualTo(1);
            assertThat(lost.all()).isFalse();
            second.receive(new LlcDeleteLink(1, true, false, true, 1, 0));
            second.receive(second.expect(LlcAddLink.class).reject()); // it tries to replace the link
            bench.end(new BenchA.Listed(server.group(), second, server.connection(), server.actor(), server.offer()));
        }
    }

    @Test
    void shouldAnswerEveryMessageAsClientWithTwoKeysOfEachOfItsConnections() throws Exception {
        try (BenchA bench = Version1Peer.bench(2)) {
            BenchA.Listed client = Version1Peer.listedClient(bench);
            List<ActorRef<Connection.Command>> connections = Version1Peer.openMore(bench, client, 5);
            FakeQpA link = client.link1();
            assertThat(link.rtr).isNotNull();
            assertThat(link.rtr.roce()).isEqualTo(PortGid.Type.ROCE_V1);
            link.receive(addLink(false, 2, 2));
            LlcAddLink answer = link.expect(LlcAddLink.class);
            assertThat(answer.rejected()).isFalse();
            assertThat(answer.extension()).isEmpty();
            List<AddLinkRkey> told = new ArrayList<>();
            for (int left = 5, token = 1; left > 0; left -= 2, token += 2) {
                link.receive(keys(false, 2, left, token, Math.min(token + 1, 5)));
                LlcAddLinkContinue own = link.expect(LlcAddLinkContinue.class);
                assertThat(own.response()).isTrue();
                assertThat(own.rkeysLeft()).isEqualTo(left);
                told.addAll(own.rkeys());
            }
            assertThat(told).hasSize(connections.size()).doesNotHaveDuplicates();
            FakeQpA second = bench.qp(1);
            second.receive(confirmLink(false, 2, BenchA.FIRST_PEER_QP + 2, 2));
            assertThat(second.expect(LlcConfirmLink.class).response()).isTrue();
            link.breakNow();
            assertThat(second.expect(LlcDeleteLink.class).linkNumber()).isEqualTo(1);
            connections
                    .getLast()
                    .tell(new Connection.Kill(
                            io.smc4j.protocol.lifecycle.connection.AbortCause.APPLICATION_ABORT, "the test ends it"));
            assertThat(second.expect(LlcDeleteRkey.class).version())
                    .as("it was still there")
                    .isEqualTo(1);
        }
    }

    @Test
    void shouldDropContinuationsOfNoExchangeAndGiveTheLinkUpInTime() throws Exception {
        try (BenchA bench = Version1Peer.bench(2)) {
            BenchA.Listed server = Version1Peer.listedServer(bench);
            FakeQpA link = server.link1();
            LlcAddLink request = link.expect(LlcAddLink.class);
            int number = request.linkNumber();
            link.receive(keys(true, number, 1, 1, 1)); // before the answer to ADD LINK
            everythingHeard(link);
            link.receive(addLink(true, number, 2));
            link.expect(LlcAddLinkContinue.class);
            link.receive(keys(true, number + 1, 1, 1, 1)); // of another link
            link.receive(keys(false, number, 1, 1, 1)); // a request, from a client
            link.receive(keys(true, 1, 1, 1, 1)); // of the link that is there
            everythingHeard(link);
            bench.advance(Duration.ofSeconds(2));
            LlcDeleteLink givenUp = link.expect(LlcDeleteLink.class);
            assertThat(givenUp.linkNumber()).isEqualTo(number);
            assertThat(givenUp.all()).isFalse();
            BenchA.until(() -> assertThat(bench.device().openQueuePairs()).isEqualTo(1));
            link.receive(keys(true, number, 1, 1, 1)); // too late
            everythingHeard(link);
        }
    }

    @Test
    void shouldEndTheGroupOfAPeerThatAnnouncesMoreKeysThanWereLeft() throws Exception {
        try (BenchA bench = Version1Peer.bench(2)) {
            BenchA.Listed server = Version1Peer.listedServer(bench);
            int number = Version1Peer.exchanging(bench, server);
            server.link1().receive(keys(true, number, 5, 1, 2));
            assertThat(server.link1().expect(LlcAddLinkContinue.class).rkeysLeft())
                    .isZero();
            server.link1().receive(keys(true, number, 4, 1, 2));
            LlcDeleteLink end = server.link1().expect(LlcDeleteLink.class);
            assertThat(end.all()).isTrue();
            assertThat(end.version()).isEqualTo(1);
            assertThat(end.reason()).isEqualTo(DeleteReason.PROTOCOL_VIOLATION.code());
            bench.awaitStopped(server.group());
            bench.assertNothingLeft();
        }
    }

    @Test
    void shouldIgnoreKeysOfRmbsThatNobodyAnnounced() throws Exception {
        try (BenchA bench = Version1Peer.bench(2)) {
            BenchA.Listed server = Version1Peer.listedServer(bench);
            int number = Version1Peer.exchanging(bench, server);
            int left = 255;
            for (; left > 2; left -= 2) {
                server.link1().receive(keys(true, number, left, 500, 501));
                assertThat(server.link1().expect(LlcAddLinkContinue.class).rkeysLeft())
                        .isZero();
            }
            server.link1().receive(keys(true, number, left, 1, 1));
            assertThat(bench.qp(1).expect(LlcConfirmLink.class).linkNumber()).isEqualTo(number);
        }
    }

    @Test
    void shouldNotListenToTheOtherVersion() throws Exception {
        try (BenchA bench = Version1Peer.bench(2)) {
            BenchA.Listed server = Version1Peer.listedServer(bench);
            Version1Peer.exchanging(bench, server);
            for (LlcMessage message : List.of(
                    LlcTestLink.request(2),
                    LlcConfirmRkey.request(2, 1, 1, List.of()),
                    LlcDeleteRkey.request(2, List.of(1001)),
                    BenchA.addLink(true, 2, 2),
                    new LlcRequestAddLink(false, List.of(BenchA.peerGid(1))),
                    new LlcDeleteLink(2, false, true, true, 0, DeleteReason.PROGRAM.code()))) {
                server.link1().receive(message);
            }
            everythingHeard(server.link1());
        }
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = bench.listedServer(1);
            for (LlcMessage message : List.of(
                    LlcTestLink.request(1),
                    LlcConfirmRkey.request(1, 1, 1, List.of()),
                    LlcDeleteRkey.request(1, List.of(1001)),
                    addLink(true, 2, 2),
                    keys(true, 2, 1, 1, 1),
                    new LlcDeleteLink(1, false, true, true, 0, DeleteReason.PROGRAM.code()))) {
                server.link1().receive(message);
            }
            bench.everythingHeard(server.link1());
        }
    }

    @Test
    void shouldInviteAsClientWhenAPortComesUp() throws Exception {
        try (BenchA bench = Version1Peer.bench(2)) {
            BenchA.Listed client = Version1Peer.listedClient(bench);
            bench.portDown(client.group(), 2);
            client.group()
                    .tell(new LinkGroup.PortChanged(new LocalPort(bench.device().name(), 2), true));
            LlcAddLink invitation = client.link1().expect(LlcAddLink.class);
            assertThat(invitation.isInvitation()).isTrue();
            assertThat(invitation.gid().low()).as("GID of port 2").isEqualTo(2);
            assertThat(invitation.mac().value()).isEqualTo(0x020000000002L);
            assertThat(invitation.psn()).isZero();
        }
    }

    @Test
    void shouldStartAddLinkAsServerWhenInvitedAndRejectWithItsReasonAsClient() throws Exception {
        try (BenchA bench = Version1Peer.bench(2)) {
            BenchA.Listed server = Version1Peer.listedServer(bench);
            LlcAddLink first = server.link1().expect(LlcAddLink.class);
            server.link1().receive(first.reject());
            server.link1()
                    .receive(new LlcAddLink(
                            1,
                            false,
                            false,
                            0,
                            BenchA.PEER_MAC,
                            BenchA.peerGid(2),
                            0,
                            0,
                            java.util.Optional.empty(),
                            0,
                            java.util.Optional.empty()));
            assertThat(server.link1().expect(LlcAddLink.class).linkNumber()).isGreaterThan(first.linkNumber());
        }
        try (BenchA bench = Version1Peer.bench(1)) {
            BenchA.Listed client = Version1Peer.listedClient(bench);
            LlcAddLink request = addLink(false, 2, 1); // the port that it is connected to
            client.link1().receive(request);
            LlcAddLink answer = client.link1().expect(LlcAddLink.class);
            assertThat(answer).isEqualTo(request.reject());
            assertThat(answer.rejectReason()).isEqualTo(LlcAddLink.NO_ALTERNATE_PATH);
        }
    }
}
