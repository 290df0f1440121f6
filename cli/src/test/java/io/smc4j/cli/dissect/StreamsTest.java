package io.smc4j.cli.dissect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Messages are put together from segments and packets, in order, once. */
class StreamsTest {
    private static final byte[] PROPOSAL = Examples.bytes("CLC_PROPOSAL_V2_R");
    private static final byte[] ACCEPT = Examples.bytes("CLC_ACCEPT_V2_R_FC");
    private static final byte[] CONFIRM = Examples.bytes("CLC_CONFIRM_V2_R_FC");
    private static final byte[] DECLINE = Examples.bytes("CLC_DECLINE_V2");
    private static final byte[] HTTP = "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static byte[] part(byte[] bytes, int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    private static List<String> messages(byte[]... frames) {
        Dissected run = Dissected.capture(Pcap.ethernet(frames), "--json", "--check");
        assertThat(run.exitCode()).as(run.err().toString()).isZero();
        return run.objects().stream()
                .map(message -> message.get("frame") + " " + message.get("message"))
                .toList();
    }

    @Test
    void shouldPutSegmentsTogether() {
        assertThat(messages(
                        Packets.syn(999, Packets.SMC_OPTION),
                        Packets.synAck(1999, Packets.SMC_OPTION),
                        Packets.toServer(1000, part(PROPOSAL, 0, 3)),
                        Packets.toServer(1003, part(PROPOSAL, 3, 10)),
                        Packets.toServer(1010, part(PROPOSAL, 10, 164)),
                        Packets.toClient(2000, part(ACCEPT, 0, 159)),
                        Packets.toClient(2159, part(ACCEPT, 159, 160)),
                        Packets.toServer(1164, CONFIRM)))
                .containsExactly("1 SYN", "2 SYN-ACK", "5 PROPOSAL", "7 ACCEPT", "8 CONFIRM");
    }

    @Test
    void shouldPutSegmentsInOrderAndDropWhatWasSentAgain() {
        int start = 0xFFFFFFF0; // the sequence number goes round inside the message
        assertThat(messages(
                        Packets.syn(start - 1, Packets.SMC_OPTION),
                        Packets.toServer(start + 100, part(PROPOSAL, 100, 164)),
                        Packets.toServer(start + 50, part(PROPOSAL, 50, 120)),
                        Packets.toServer(start, part(PROPOSAL, 0, 60)),
                        Packets.toServer(start, PROPOSAL),
                        Packets.toServer(start + 164, CONFIRM),
                        Packets.toServer(start + 164, CONFIRM)))
                .containsExactly("1 SYN", "4 PROPOSAL", "6 CONFIRM");
    }

    @Test
    void shouldMarkASynThatIsSentAgain() {
        Dissected run = Dissected.capture(
                Pcap.ethernet(Packets.syn(999, Packets.SMC_OPTION), Packets.syn(999, Packets.SMC_OPTION)), "--json");
        assertThat(run.objects())
                .extracting(message -> message.get("retransmission"))
                .containsExactly(null, true);
    }

    @Test
    void shouldLeaveApplicationDataAloneAfterADecline() {
        assertThat(messages(
                        Packets.syn(999, Packets.SMC_OPTION),
                        Packets.toServer(1000, PROPOSAL),
                        Packets.toClient(2000, Packets.join(DECLINE, HTTP)),
                        Packets.toServer(1164, HTTP),
                        Packets.toServer(1164 + HTTP.length, PROPOSAL)))
                .containsExactly("1 SYN", "2 PROPOSAL", "3 DECLINE");
    }

    @Test
    void shouldNotTakeApplicationDataForSmcThatBeginsLikeIt() {
        assertThat(messages(
                        Packets.syn(999, Packets.SMC_OPTION),
                        Packets.toServer(1000, PROPOSAL),
                        Packets.toClient(2000, Packets.join(DECLINE, ACCEPT)),
                        Packets.toClient(2000 + DECLINE.length + ACCEPT.length, PROPOSAL)))
                .containsExactly("1 SYN", "2 PROPOSAL", "3 DECLINE");
    }

    @Test
    void shouldIgnoreStreamsThatHaveNothingToDoWithSmc() {
        assertThat(messages(
                        Packets.syn(999, new byte[0]),
                        Packets.toServer(1000, HTTP),
                        Packets.toServer(1000 + HTTP.length, PROPOSAL)))
                .isEmpty();
    }

    @Test
    void shouldJoinAStreamWhoseBeginningIsMissing() {
        assertThat(messages(
                        Packets.toServer(5000, HTTP),
                        Packets.toServer(7000, part(PROPOSAL, 0, 100)),
                        Packets.toServer(7100, part(PROPOSAL, 100, 164))))
                .containsExactly("3 PROPOSAL");
    }

    @Test
    void shouldBeginAnewWhenPortsAreUsedAgain() {
        assertThat(messages(
                        Packets.syn(999, Packets.SMC_OPTION),
                        Packets.toServer(1000, PROPOSAL),
                        Packets.syn(50_000, Packets.SMC_OPTION),
                        Packets.toServer(50_001, PROPOSAL)))
                .containsExactly("1 SYN", "2 PROPOSAL", "3 SYN", "4 PROPOSAL");
    }

    @Test
    void shouldReportMessagesThatBreakTheProtocol() {
        byte[] bad = ACCEPT.clone();
        bad[45] = 0;
        byte[] worse = PROPOSAL.clone();
        worse[4] = 9;
        Dissected run = Dissected.capture(
                Pcap.ethernet(
                        Packets.syn(999, Packets.SMC_OPTION),
                        Packets.toServer(1000, worse),
                        Packets.synAck(1999, Packets.SMC_OPTION),
                        Packets.toClient(2000, bad)),
                "--json",
                "--check");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.objects().get(1)).containsEntry("layer", "clc").containsEntry("message", "BROKEN");
        assertThat((Map<?, ?>) run.objects().get(1).get("violation"))
                .isEqualTo(Map.of(
                        "message", "CLC header",
                        "offset", 4,
                        "found", "type 9",
                        "rule", "types are 1 PROPOSAL, 2 ACCEPT, 3 CONFIRM, 4 DECLINE"));
        assertThat((Map<?, ?>) run.objects().get(3).get("violation"))
                .extracting("offset")
                .isEqualTo(45);
    }

    @Test
    void shouldReportReservedBytesThatAreNotZeroWhenChecking() {
        byte[] dirty = ACCEPT.clone();
        dirty[51] = 1;
        Dissected run = Dissected.capture(
                Pcap.ethernet(Packets.synAck(1999, Packets.SMC_OPTION), Packets.toClient(2000, dirty)), "--check");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .anyMatch(line -> line.contains("frame 2: clc ACCEPT differs at byte 51: 01 on the wire, 00 when"));
    }

    @Test
    void shouldPutTheSendsOfALargeMessageTogether() {
        byte[] large = new byte[72 + 20 * 16];
        byte[] small = Examples.bytes("LLC_ADD_LINK_V2_REQ_LE");
        System.arraycopy(small, 0, large, 0, 72);
        large[1] = (byte) large.length;
        large[2] = (byte) (large.length >>> 8);
        large[70] = 20;
        Dissected run = Dissected.capture(
                Pcap.ethernet(
                        Packets.roce(0, 0xFFFFFF, part(large, 0, 256)),
                        Packets.roce(1, 0, part(large, 256, 300)),
                        Packets.roce(1, 0, part(large, 256, 300)),
                        Packets.roce(2, 1, part(large, 300, large.length))),
                "--json",
                "--check");
        assertThat(run.exitCode()).isZero();
        assertThat(run.objects())
                .extracting(message -> message.get("message"))
                .containsExactly("SEND_FIRST", "SEND_MIDDLE", "SEND_MIDDLE", "ADD_LINK_V2");
        assertThat(run.objects().get(2)).containsEntry("retransmission", true);
        assertThat(run.objects().get(3)).containsEntry("length", large.length);
        assertThat((List<?>) run.objects().get(3).get("rkeys")).hasSize(20);
    }

    @Test
    void shouldReportASendWhoseBeginningIsMissing() {
        Dissected run = Dissected.capture(
                Pcap.ethernet(
                        Packets.roce(2, 5, new byte[44]), Packets.roce(4, 6, Examples.bytes("LLC_TEST_LINK_REQ"))),
                "--json");
        assertThat(run.objects())
                .extracting(message -> message.get("message"))
                .containsExactly("SEND_LAST", "TEST_LINK");
        assertThat(run.err())
                .singleElement()
                .asString()
                .contains("frame 1 skipped")
                .contains("pieces before");
    }

    @Test
    void shouldFollowTheAddressesOfAWriteInSeveralPackets() {
        Dissected run = Dissected.capture(
                Pcap.ethernet(
                        Packets.roce(6, 10, Packets.reth(0xFFFF_8000_0000_0000L, 0x80000001, 2500), new byte[1024]),
                        Packets.roce(7, 11, new byte[1024]),
                        Packets.roce(8, 12, new byte[452]),
                        Packets.roce(10, 13, Packets.reth(0x1000, 5, 3), new byte[3])),
                "--json");
        assertThat(run.objects())
                .extracting(m -> m.get("message") + " " + m.get("vaddr") + " " + m.get("rkey") + " " + m.get("length"))
                .containsExactly(
                        "WRITE_FIRST 0xffff800000000000 2147483649 2500",
                        "WRITE_MIDDLE 0xffff800000000400 2147483649 1024",
                        "WRITE_LAST 0xffff800000000800 2147483649 452",
                        "WRITE_ONLY 0x1000 5 3");
    }

    @Test
    void shouldExplainNegativeAcknowledgements() {
        Dissected run = Dissected.capture(Pcap.ethernet(
                Packets.roce(17, 1, Packets.hex("1f000001"), new byte[0]),
                Packets.roce(17, 1, Packets.hex("6200000a"), new byte[0]),
                Packets.roce(17, 1, Packets.hex("23000001"), new byte[0])));
        assertThat(run.out().get(0)).endsWith("rdma ACK syndrome=0x1f msn=1");
        assertThat(run.out().get(1)).endsWith("rdma ACK nak: remote access error syndrome=0x62 msn=10");
        assertThat(run.out().get(2)).endsWith("rdma ACK receiver not ready, timer 3 syndrome=0x23 msn=1");
    }

    @Test
    void shouldMarkRdmaPacketsThatAreSentAgain() {
        byte[] cdc = Packets.roce(4, 0, Examples.bytes("CDC_DATA"));
        Dissected run = Dissected.capture(
                Pcap.ethernet(Packets.roce(4, 0xFFFFFF, Examples.bytes("CDC_DATA")), cdc, cdc), "--json");
        assertThat(run.objects()).extracting(m -> m.get("retransmission")).containsExactly(null, null, true);
    }

    @Test
    void shouldNotTakeOtherRdmaTrafficForSmc() {
        Dissected run = Dissected.capture(
                Pcap.ethernet(Packets.roce(4, 1, new byte[200]), Packets.roce(4, 2, new byte[44])),
                "--json",
                "--check");
        assertThat(run.exitCode()).isZero();
        assertThat(run.objects())
                .extracting(m -> m.get("layer") + " " + m.get("message"))
                .containsOnly("rdma SEND_ONLY");
    }

    @Test
    void shouldReportBrokenMessagesOnQueuePairsOfSmc() {
        byte[] broken = Examples.bytes("LLC_TEST_LINK_REQ");
        broken[0] = 0x0F;
        Dissected run = Dissected.capture(
                Pcap.ethernet(Packets.roce(4, 1, Examples.bytes("LLC_TEST_LINK_REQ")), Packets.roce(4, 2, broken)),
                "--check");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out().get(1)).contains("llc BROKEN LLC header at byte 0: found type 0f");
    }
}
