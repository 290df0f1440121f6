package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.smc4j.SmcChannel;
import io.smc4j.actors.group.JoinReply;
import io.smc4j.actors.group.JoinRequest;
import io.smc4j.actors.group.LinkGroup;
import io.smc4j.actors.group.LinkGroupRegistry;
import io.smc4j.actors.handshake.Outcome;
import io.smc4j.protocol.Eid;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.clc.ClcAcceptSmcr;
import io.smc4j.protocol.clc.ClcConfirmSmcr;
import io.smc4j.protocol.clc.ClcDecline;
import io.smc4j.protocol.clc.ClcProposal;
import io.smc4j.protocol.clc.DiagnosisCode;
import io.smc4j.protocol.clc.FirstContactExtension;
import io.smc4j.protocol.clc.ProposalV2Extension;
import io.smc4j.protocol.clc.SmcrEndpoint;
import io.smc4j.protocol.lifecycle.group.GroupRole;
import io.smc4j.protocol.llc.LlcAddLink;
import io.smc4j.protocol.llc.LlcConfirmLink;
import io.smc4j.rdma.PortGid;
import io.smc4j.rdma.route.KernelRoutes;
import io.smc4j.rdma.route.Way;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Both ends of SMC-R version 2 say and check whether there is a gateway between their RoCE ports; routes are those of this machine. */
@Timeout(60)
class RoutedRoceTest {
    private static final int LOOPBACK = 0x7f000001;
    private static final int NEIGHBOUR = 0x7f000009;
    private static final int NOBODY = 0xffffffff;
    private static final int FAR_AWAY = 0xcb007107;

    private static ClcProposal proposal(int roce) {
        ClcProposal like = ClcPeerA.proposal();
        ProposalV2Extension v2 = like.v2().orElseThrow();
        return new ClcProposal(
                2,
                like.typeV1(),
                like.typeV2(),
                like.peerId(),
                like.gid(),
                like.mac(),
                like.smcdArea(),
                like.prefixes(),
                Optional.of(new ProposalV2Extension(
                        v2.release(),
                        false,
                        Gid.ofIpv4Mapped(roce),
                        v2.maxConnections(),
                        v2.maxLinks(),
                        v2.featureMask(),
                        v2.ueids(),
                        v2.smcd())));
    }

    private static ClcAcceptSmcr accept(int roce, boolean direct) {
        SmcrEndpoint end = BenchA.peerEnd(1);
        FirstContactExtension extension = ClcPeerA.extension(1, 16, 2);
        return new ClcAcceptSmcr(
                2,
                true,
                new SmcrEndpoint(
                        end.peerId(),
                        Gid.ofIpv4Mapped(roce),
                        end.mac(),
                        end.qpNumber(),
                        end.rkey(),
                        end.rmbeIndex(),
                        end.alertToken(),
                        end.rmbeSize(),
                        end.mtu(),
                        end.rmbAddress(),
                        end.psn()),
                Optional.of(new Eid("SMC4J")),
                Optional.of(new FirstContactExtension(
                        direct,
                        extension.osType(),
                        1,
                        "peer",
                        16,
                        2,
                        extension.featureMask(),
                        extension.vendorOptions())));
    }

    /** The address from which this machine reaches others over a gateway, if it does. */
    private static int ownAddressTowardsAGateway() throws Exception {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(InetAddress.getByAddress(new byte[] {(byte) 203, 0, 113, 7}), 9); // sends nothing
            assumeThat(socket.getLocalAddress()).isInstanceOf(Inet4Address.class);
            int own = ByteBuffer.wrap(socket.getLocalAddress().getAddress()).getInt();
            assumeThat(KernelRoutes.way(own, FAR_AWAY)).isEqualTo(Way.GATEWAY);
            return own;
        } catch (java.io.UncheckedIOException | java.net.SocketException e) {
            assumeThat(e).as("no default route here").isNull();
            throw e;
        }
    }

    private static boolean acceptedAsDirect(int own, int peers) throws Exception {
        try (HandshakesA bench = new HandshakesA("")) {
            bench.bench.device().ipv4 = Integer.toUnsignedLong(own);
            HandshakesA.Listening listening = bench.listen();
            try (ClcPeerA peer = ClcPeerA.connect(listening.channel().localAddress())) {
                peer.send(proposal(peers));
                bench.asked().replyTo().tell(new LinkGroupRegistry.Granted(bench.group.getRef(), true));
                var join = bench.join();
                join.replyTo().tell(bench.offer(true));
                boolean direct = peer.expect(ClcAcceptSmcr.class)
                        .extension()
                        .orElseThrow()
                        .direct();
                assertThat(((JoinRequest.SmcrServer) join.request()).direct()).isEqualTo(direct);
                return direct;
            }
        }
    }

    @Test
    void shouldTellTheClientWhetherItIsReachedOverAGateway() throws Exception {
        assertThat(acceptedAsDirect(LOOPBACK, NEIGHBOUR)).isTrue();
        assertThat(acceptedAsDirect(ownAddressTowardsAGateway(), FAR_AWAY)).isFalse();
    }

    @Test
    void shouldLetPacketsPassGatewaysOnEveryLinkOfTheGroup() throws Exception {
        for (boolean direct : new boolean[] {true, false}) {
            try (BenchA bench = new BenchA()) {
                var group = bench.group(GroupRole.CLIENT, 2);
                BenchA.Handshake handshake = bench.join(
                        group, new JoinRequest.SmcrClient(BenchA.addresses(), true, BenchA.peerEnd(1), direct));
                JoinReply.Offered offered = handshake.expect(JoinReply.Offered.class);
                group.tell(new LinkGroup.ConfirmSent(offered.connection()));
                FakeQpA first = bench.qp(0);
                first.receive(BenchA.confirmLink(false, 1, BenchA.FIRST_PEER_QP, BenchA.peerGid(1)));
                first.expect(LlcConfirmLink.class);
                first.receive(BenchA.addLink(false, 2, 2));
                LlcAddLink answer = first.expect(LlcAddLink.class);
                assertThat(answer.extension().orElseThrow().direct()).isEqualTo(direct);
                for (FakeQpA each : List.of(first, bench.qp(1))) {
                    assertThat(each.rtr).isNotNull();
                    assertThat(each.rtr.hopLimit()).isEqualTo(direct ? 1 : 64);
                    assertThat(each.rtr.roce()).isEqualTo(PortGid.Type.ROCE_V2);
                }
            }
        }
    }

    @Test
    void shouldDeclineAClientToWhosePortThereIsNoRoute() throws Exception {
        try (HandshakesA bench = new HandshakesA("")) {
            bench.bench.device().ipv4 = LOOPBACK;
            HandshakesA.Listening listening = bench.listen();
            try (ClcPeerA peer = ClcPeerA.connect(listening.channel().localAddress())) {
                peer.send(proposal(NOBODY));
                assertThat(peer.expect(ClcDecline.class).diagnosis()).isEqualTo(DiagnosisCode.NOROUTE.code());
            }
        }
    }

    @Test
    void shouldDeclineAServerWhoseRouteIsNotLikeOurs() throws Exception {
        assertThat(declined(NEIGHBOUR)).isEqualTo(DiagnosisCode.NOINDIRECT.code());
        assertThat(declined(NOBODY)).isEqualTo(DiagnosisCode.NOROUTE.code());
    }

    private static int declined(int servers) throws Exception {
        try (HandshakesA bench = new HandshakesA("");
                ServerSocket server = ClcPeerA.listen()) {
            bench.bench.device().ipv4 = LOOPBACK;
            bench.client(server);
            try (ClcPeerA peer = ClcPeerA.accept(server)) {
                peer.expect(ClcProposal.class);
                peer.send(accept(servers, false));
                int diagnosis = peer.expect(ClcDecline.class).diagnosis();
                SmcChannel channel = ((Outcome.Ready) bench.outcome()).channel();
                assertThat(channel.info().fallback().orElseThrow().code()).isEqualTo(diagnosis);
                channel.close();
                return diagnosis;
            }
        }
    }

    @Test
    void shouldTakeAServersWordForADirectWayAndRepeatIt() throws Exception {
        assertThat(confirmedAsDirect(LOOPBACK, NEIGHBOUR, true)).isTrue();
        assertThat(confirmedAsDirect(ownAddressTowardsAGateway(), FAR_AWAY, false))
                .isFalse();
    }

    private static boolean confirmedAsDirect(int own, int servers, boolean direct) throws Exception {
        try (HandshakesA bench = new HandshakesA("");
                ServerSocket server = ClcPeerA.listen()) {
            bench.bench.device().ipv4 = Integer.toUnsignedLong(own);
            bench.client(server);
            try (ClcPeerA peer = ClcPeerA.accept(server)) {
                peer.expect(ClcProposal.class);
                peer.send(accept(servers, direct));
                bench.grantServer(bench.group.getRef(), true);
                var join = bench.join();
                assertThat(((JoinRequest.SmcrClient) join.request()).direct()).isEqualTo(direct);
                join.replyTo().tell(bench.offer(true));
                return peer.expect(ClcConfirmSmcr.class)
                        .extension()
                        .orElseThrow()
                        .direct();
            }
        }
    }
}
