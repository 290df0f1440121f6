package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.SmcChannel;
import io.smc4j.Transport;
import io.smc4j.actors.group.GroupKey;
import io.smc4j.actors.group.JoinReply;
import io.smc4j.actors.group.JoinRequest;
import io.smc4j.actors.group.LinkGroup;
import io.smc4j.actors.group.LinkGroupRegistry;
import io.smc4j.actors.handshake.Outcome;
import io.smc4j.protocol.Eid;
import io.smc4j.protocol.SmcVersion;
import io.smc4j.protocol.clc.ClcAcceptSmcr;
import io.smc4j.protocol.clc.ClcConfirmSmcr;
import io.smc4j.protocol.clc.ClcDecline;
import io.smc4j.protocol.clc.ClcProposal;
import io.smc4j.protocol.clc.DiagnosisCode;
import io.smc4j.protocol.clc.ProposalPrefixes;
import io.smc4j.protocol.clc.ProposalSmcdArea;
import io.smc4j.protocol.clc.ProposalV2Extension;
import io.smc4j.protocol.clc.SmcType;
import java.net.ServerSocket;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Handshakes of version 1, byte by byte: the examples of the specification with our addresses in them. */
@Timeout(60)
class Version1HandshakeTest {
    private static final ProposalPrefixes LOOPBACK = ProposalPrefixes.ofIpv4(0x7f000000, 8);
    private static final ProposalPrefixes ELSEWHERE = ProposalPrefixes.ofIpv4(0xc0000200, 24);
    private static final String OUR_ID = "0001020000000001";
    private static final String OUR_PORT = "fe800000000000010000000000000001" + "020000000001";

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    private static ClcProposal proposal(ProposalPrefixes prefixes) {
        return new ClcProposal(
                1,
                SmcType.R,
                SmcType.NONE,
                BenchA.PEER,
                BenchA.peerGid(1),
                BenchA.PEER_MAC,
                Optional.empty(),
                Optional.of(prefixes),
                Optional.empty());
    }

    /** With an enterprise id that nobody else has. */
    private static ClcProposal bothVersions(ProposalPrefixes prefixes, String eid) {
        ProposalV2Extension v2 = ClcPeerA.proposal().v2().orElseThrow();
        return new ClcProposal(
                2,
                SmcType.R,
                SmcType.R,
                BenchA.PEER,
                BenchA.peerGid(1),
                BenchA.PEER_MAC,
                Optional.of(ProposalSmcdArea.EMPTY),
                Optional.of(prefixes),
                Optional.of(new ProposalV2Extension(
                        1,
                        false,
                        BenchA.peerGid(2),
                        16,
                        2,
                        v2.featureMask(),
                        List.of(new Eid(eid)),
                        Optional.empty())));
    }

    // ---- client ----

    @Test
    void shouldProposeAndConfirmAsRfc7609DoesWhenToldVersion1() throws Exception {
        try (HandshakesA bench = new HandshakesA("smc4j.versions = 1");
                ServerSocket server = ClcPeerA.listen()) {
            bench.client(server);
            try (ClcPeerA peer = ClcPeerA.accept(server)) {
                assertThat(peer.message())
                        .isEqualTo(
                                hex("e2d4c3d9 01 0034 10" + OUR_ID + OUR_PORT + "0000 7f000000 08 0000 00 e2d4c3d9"));
                peer.send(new ClcAcceptSmcr(1, true, BenchA.peerEnd(1), Optional.empty(), Optional.empty()));
                LinkGroupRegistry.ForServer asked =
                        bench.registry.expectMessageClass(LinkGroupRegistry.ForServer.class, BenchA.PATIENCE);
                assertThat(asked.key())
                        .isEqualTo(new GroupKey.Smcr(
                                SmcVersion.V1, BenchA.PEER.value(), BenchA.peerGid(1), BenchA.PEER_MAC));
                assertThat(asked.limits().maxConnections()).isEqualTo(255);
                assertThat(asked.firstContact()).isTrue();
                asked.replyTo().tell(new LinkGroupRegistry.Granted(bench.group.getRef(), true));
                LinkGroup.Join join = bench.join();
                assertThat(join.request()).isInstanceOf(JoinRequest.SmcrClient.class);
                join.replyTo().tell(bench.offer(true));
                assertThat(peer.message())
                        .isEqualTo(hex("e2d4c3d9 03 0044 18" + OUR_ID + "fe800000000000990000000000000005 020000000099"
                                + "000055 00000056 01 00000057 03 00 0000000000010000 00 000001 e2d4c3d9"));
                bench.group.expectMessageClass(LinkGroup.ConfirmSent.class, BenchA.PATIENCE);
            }
        }
    }

    @Test
    void shouldOfferBothVersionsInOneProposal() throws Exception {
        try (HandshakesA bench = new HandshakesA("smc4j.versions = both");
                ServerSocket server = ClcPeerA.listen()) {
            bench.client(server);
            try (ClcPeerA peer = ClcPeerA.accept(server)) {
                assertThat(peer.message())
                        .isEqualTo(hex("e2d4c3d9 01 00a4 20" + OUR_ID + OUR_PORT
                                + "0028" + "00".repeat(10) + "0024" + "00".repeat(28)
                                + "7f000000 08 0000 00"
                                + "01 00 00 10 0000 0000" + OUR_PORT.substring(0, 32) + "ff 02 0001" + "00".repeat(12)
                                + "534d43344a" + "20".repeat(27) + "e2d4c3d9"));
            }
        }
    }

    @Test
    void shouldDeclineAVersionThatWasNotOffered() throws Exception {
        for (boolean version1 : new boolean[] {true, false}) {
            try (HandshakesA bench = new HandshakesA("smc4j.versions = " + (version1 ? 1 : 2));
                    ServerSocket server = ClcPeerA.listen()) {
                bench.client(server);
                try (ClcPeerA peer = ClcPeerA.accept(server)) {
                    peer.expect(ClcProposal.class);
                    peer.send(
                            version1
                                    ? ClcPeerA.accept(true)
                                    : new ClcAcceptSmcr(
                                            1, true, BenchA.peerEnd(1), Optional.empty(), Optional.empty()));
                    ClcDecline decline = peer.expect(ClcDecline.class);
                    assertThat(decline.diagnosis()).isEqualTo(DiagnosisCode.MODEUNSUPP.code());
                    assertThat(decline.version()).as("as ACCEPT").isEqualTo(version1 ? 2 : 1);
                    SmcChannel channel = ((Outcome.Ready) bench.outcome()).channel();
                    assertThat(channel.info().transport()).isEqualTo(Transport.TCP);
                    channel.close();
                }
            }
        }
    }

    // ---- server ----

    @Test
    void shouldAcceptAsRfc7609DoesAndTakeItsConfirm() throws Exception {
        try (HandshakesA bench = new HandshakesA("smc4j.versions = both")) {
            HandshakesA.Listening listening = bench.listen();
            try (ClcPeerA peer = ClcPeerA.connect(listening.channel().localAddress())) {
                peer.send(proposal(LOOPBACK));
                LinkGroupRegistry.ForClient asked = bench.asked();
                assertThat(asked.key())
                        .isEqualTo(new GroupKey.Smcr(
                                SmcVersion.V1, BenchA.PEER.value(), BenchA.peerGid(1), BenchA.PEER_MAC));
                asked.replyTo().tell(new LinkGroupRegistry.Granted(bench.group.getRef(), true));
                bench.join().replyTo().tell(bench.offer(true));
                assertThat(peer.message())
                        .isEqualTo(hex("e2d4c3d9 02 0044 18" + OUR_ID + "fe800000000000990000000000000005 020000000099"
                                + "000055 00000056 01 00000057 03 00 0000000000010000 00 000001 e2d4c3d9"));
                peer.send(
                        new ClcConfirmSmcr(1, true, BenchA.peerEnd(1), Optional.empty(), Optional.empty(), List.of()));
                assertThat(bench.group
                                .expectMessageClass(LinkGroup.PeerSmcr.class, BenchA.PATIENCE)
                                .peer())
                        .isEqualTo(BenchA.peerEnd(1));
            }
        }
    }

    @Test
    void shouldGiveUpAClientWhoseConfirmIsOfAnotherVersionThanAccept() throws Exception {
        try (HandshakesA bench = new HandshakesA("smc4j.versions = both")) {
            HandshakesA.Listening listening = bench.listen();
            try (ClcPeerA peer = ClcPeerA.connect(listening.channel().localAddress())) {
                peer.send(proposal(LOOPBACK));
                bench.asked().replyTo().tell(new LinkGroupRegistry.Granted(bench.group.getRef(), true));
                bench.join().replyTo().tell(bench.offer(true));
                peer.expect(ClcAcceptSmcr.class);
                peer.send(ClcPeerA.confirm(true));
                bench.group.expectMessageClass(LinkGroup.HandshakeOver.class, BenchA.PATIENCE);
                assertThat(peer.rest()).isEmpty();
            }
        }
    }

    @Test
    void shouldDeclineAClientOfAnotherSubnet() throws Exception {
        for (ClcProposal proposal : List.of(proposal(ELSEWHERE), bothVersions(ELSEWHERE, "SMC4J"))) {
            // Without version 2 here, the subnet decides for both.
            try (HandshakesA bench = new HandshakesA("smc4j.versions = 1")) {
                HandshakesA.Listening listening = bench.listen();
                try (ClcPeerA peer = ClcPeerA.connect(listening.channel().localAddress())) {
                    peer.send(proposal);
                    ClcDecline decline = peer.expect(ClcDecline.class);
                    assertThat(decline.diagnosis())
                            .isEqualTo(DiagnosisCode.DIFFPREFIX.code())
                            .isEqualTo(0x03070000);
                    assertThat(decline.version()).as("as PROPOSAL").isEqualTo(proposal.version());
                    SmcChannel channel =
                            listening.channel().accept().toCompletableFuture().get(20, TimeUnit.SECONDS);
                    assertThat(channel.info().fallback().orElseThrow().symbol()).isEqualTo("DIFFPREFIX");
                    channel.close();
                }
            }
        }
    }

    @Test
    void shouldTurnToVersion1WhenVersion2DoesNotWorkOut() throws Exception {
        try (HandshakesA bench = new HandshakesA("smc4j.versions = both")) {
            HandshakesA.Listening listening = bench.listen();
            try (ClcPeerA peer = ClcPeerA.connect(listening.channel().localAddress())) {
                peer.send(bothVersions(LOOPBACK, "OTHERS"));
                assertThat(bench.asked().key().version()).isEqualTo(SmcVersion.V1);
            }
            try (ClcPeerA peer = ClcPeerA.connect(listening.channel().localAddress())) {
                peer.send(bothVersions(LOOPBACK, "SMC4J"));
                LinkGroupRegistry.ForClient asked = bench.asked();
                assertThat(asked.key().version()).isEqualTo(SmcVersion.V2_1);
                asked.replyTo().tell(new LinkGroupRegistry.Granted(bench.group.getRef(), true));
                bench.join().replyTo().tell(new JoinReply.Refused(DiagnosisCode.MEM, "no memory", false));
                assertThat(bench.asked().key().version()).isEqualTo(SmcVersion.V1);
            }
            try (ClcPeerA peer = ClcPeerA.connect(listening.channel().localAddress())) {
                peer.send(bothVersions(ELSEWHERE, "OTHERS"));
                assertThat(peer.expect(ClcDecline.class).diagnosis())
                        .as("the first trouble")
                        .isEqualTo(DiagnosisCode.NOUEID.code());
            }
        }
    }
}
