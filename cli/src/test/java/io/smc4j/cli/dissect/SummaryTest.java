package io.smc4j.cli.dissect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Link groups and connections of real captures, as {@code --summary} tells them. */
class SummaryTest {
    private static List<String> summary(String capture) {
        Dissected run = Dissected.run("--summary", "--check", Dissected.file(capture + ".pcap"));
        assertThat(run.exitCode()).isZero();
        return run.out();
    }

    @Test
    void shouldTellTwoConnectionsOnOneLinkGroup() {
        assertThat(summary("a"))
                .containsExactly(
                        "Messages: tcp-option 4 clc 6 llc 18 cdc 14 rdma 52; breaking the protocol 0; packets skipped 0",
                        "Link group 1: SMC-R version 2 release 0, EID TEST.EID, server guestB, client guestA, 2 connections",
                        "  link 1: server 10.99.0.2 qp 0x11, client 10.99.0.1 qp 0x11; 32 messages, 10 writes of 640 bytes; active",
                        "  the client rejected 1 further link, which is normal for a host with one RDMA port",
                        "Connection 1: 10.99.0.1:45154 > 10.99.0.2:26010, SMC-R, link group 1 (first contact), 0.000000 s to 0.734706 s",
                        "  client token 0x2, server token 0x2",
                        "  client sent 192 bytes in 4 CDC messages; closed",
                        "  server sent 192 bytes in 4 CDC messages; closed",
                        "Connection 2: 10.99.0.1:53948 > 10.99.0.2:28183, SMC-R, link group 1, 3.176552 s to 3.840913 s",
                        "  client token 0x3, server token 0x3",
                        "  client sent 128 bytes in 3 CDC messages; closed",
                        "  server sent 128 bytes in 3 CDC messages; closed");
    }

    @Test
    void shouldTellALinkFailureThatTheConnectionSurvived() {
        assertThat(summary("failover"))
                .contains(
                        "  link 1: server 10.99.0.2 qp 0x11, client 10.99.0.1 qp 0x11; 18 messages, 14 writes of 56 bytes;"
                                + " deleted, orderly: the link failed, or could not be added",
                        "  link 2: server 10.99.0.12 qp 0x11, client 10.99.0.11 qp 0x11; 84 messages, 66 writes of 264 bytes; active",
                        "  client sent 160 bytes in 42 CDC messages, moved to another link 1 time; closed",
                        "  server sent 160 bytes in 42 CDC messages, moved to another link 1 time; closed");
    }

    @Test
    void shouldRecogniseTheSecondLinkOfAGroupThatIsOlderThanTheCapture() {
        assertThat(summary("link_failure"))
                .contains(
                        "  link 1: server 10.99.0.2 qp 0x11, client 10.99.0.1 qp 0x11; 24 messages, 20 writes of 80 bytes;"
                                + " deleted, orderly: the link failed, or could not be added",
                        "  link 2: server 10.99.0.12 qp 0x11, client 10.99.0.11 qp 0x11; 56 messages, 40 writes of 160 bytes;"
                                + " older than this capture",
                        "  client sent 120 bytes in 32 CDC messages, moved to another link 1 time; closed")
                .filteredOn(line -> line.startsWith("Connection"))
                .hasSize(1);
    }

    @Test
    void shouldTellWhichConnectionsMovedWhenTheServersPortFailed() {
        assertThat(summary("server_link_failure"))
                .containsExactly(
                        "Messages: tcp-option 6 clc 9 llc 70 cdc 46 rdma 151; breaking the protocol 0; packets skipped 0;"
                                + " sent again 36",
                        "Link group 1: SMC-R version 2 release 1, EID SMC.RIG.EID, server guestB, client guestA,"
                                + " at most 255 connections and 2 links, 3 connections",
                        "  link 1: server 10.99.0.2 qp 0x11, client 10.99.0.1 qp 0x11; 32 messages, 24 writes of 120 bytes;"
                                + " deleted, orderly: the link failed, or could not be added",
                        "  link 2: server 10.99.0.12 qp 0x11, client 10.99.0.11 qp 0x11; 47 messages, 12 writes of 60 bytes;"
                                + " active",
                        "  link 3: server 10.99.0.12 qp 0x12, client 10.99.0.1 qp 0x12; 1 message, 0 writes of 0 bytes;"
                                + " deleted: the link failed, or could not be added",
                        "Connection 1: 10.99.0.1:57118 > 10.99.0.2:24729, SMC-R, link group 1 (first contact),"
                                + " 0.000000 s to 3.881429 s",
                        "  client token 0x1, server token 0x1",
                        "  client sent 30 bytes in 8 CDC messages, moved to another link 1 time; closed",
                        "  server sent 30 bytes in 8 CDC messages, moved to another link 1 time; closed",
                        "Connection 2: 10.99.0.1:57132 > 10.99.0.2:24729, SMC-R, link group 1, 0.115686 s to 3.882722 s",
                        "  client token 0x2, server token 0x2",
                        "  client sent 30 bytes in 7 CDC messages; closed",
                        "  server sent 30 bytes in 7 CDC messages; closed",
                        "Connection 3: 10.99.0.1:57134 > 10.99.0.2:24729, SMC-R, link group 1, 0.140599 s to 3.881426 s",
                        "  client token 0x3, server token 0x3",
                        "  client sent 30 bytes in 8 CDC messages, moved to another link 1 time; closed",
                        "  server sent 30 bytes in 8 CDC messages, moved to another link 1 time; closed");
    }

    @Test
    void shouldTellOneGroupOfTwoLinksThatAreOlderThanTheCapture() {
        assertThat(summary("older_group_two_links"))
                .contains(
                        "Link group 1: SMC-R version 2, EID SMC.RIG.EID, older than this capture, 2 connections",
                        "  link 4: server 10.99.0.2 qp 0x12, client 10.99.0.1 qp 0x13; 26 messages, 12 writes of 60 bytes;"
                                + " older than this capture",
                        "  link 2: server 10.99.0.12 qp 0x11, client 10.99.0.11 qp 0x11; 18 messages, 12 writes of 60 bytes;"
                                + " older than this capture")
                .filteredOn(line -> line.startsWith("Link group"))
                .hasSize(1);
    }

    @Test
    void shouldTellAGroupOfWhichThereIsNoHandshake() {
        assertThat(summary("group_deleted"))
                .containsExactly(
                        "Messages: tcp-option 0 clc 0 llc 2 cdc 0 rdma 2; breaking the protocol 0; packets skipped 0",
                        "Link group 1: SMC-R version 2, older than this capture, no handshake seen",
                        "  link ?: 10.99.0.1 qp 0x13 and 10.99.0.2 qp 0x12; 2 messages, 0 writes of 0 bytes;"
                                + " older than this capture",
                        "  the group was deleted: the operator ended it");
    }

    @Test
    void shouldTellALinkThatCouldNotBeAdded() {
        assertThat(summary("asymmetric"))
                .contains(
                        "  link 1: server 10.99.0.2 qp 0x11, client 10.99.0.1 qp 0x11; 47 messages, 24 writes of 120 bytes;"
                                + " active",
                        "  link 2: server 10.99.0.2 qp 0x12, client 10.99.0.11 qp 0x11; 1 message, 0 writes of 0 bytes;"
                                + " deleted: the link failed, or could not be added")
                .noneMatch(line -> line.contains("rejected"));
    }

    @Test
    void shouldTellTheRestOfACaptureThatBeginsInTheMiddle() throws IOException {
        byte[] whole = Files.readAllBytes(Path.of(Dissected.file("server_link_failure.pcap")));
        Dissected run = Dissected.capture(Pcap.from(whole, 64), "--summary", "--check");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains(
                        "Link group 1: SMC-R version 2, older than this capture, no handshake seen",
                        "  link ?: server 10.99.0.12 qp 0x11, client 10.99.0.11 qp 0x11; 40 messages, 11 writes of 55 bytes;"
                                + " older than this capture",
                        "  link 3: server 10.99.0.12 qp 0x12, client 10.99.0.1 qp 0x12; 1 message, 0 writes of 0 bytes;"
                                + " deleted: the link failed, or could not be added",
                        "  link 1 deleted, orderly: the link failed, or could not be added",
                        "  to this end 2 CDC messages, moved to another link 1 time; closed");
    }

    @Test
    void shouldTellBulkDataOfACaptureThatKeptOnlyTheHeadOfFrames() {
        assertThat(summary("bulk_cut_off"))
                .contains(
                        "  client sent 40000 bytes in 2 CDC messages; closed",
                        "  server sent 1 byte in 3 CDC messages; closed")
                .anyMatch(line -> line.contains("2 writes of 40001 bytes"));
    }

    @Test
    void shouldTellUrgentDataAndHowTheServerEnds() {
        assertThat(summary("urgent")).contains("  client sent 5 bytes in 3 CDC messages, urgent data; closed");
        assertThat(summary("server_abort"))
                .contains(
                        "  client sent 10 bytes in 3 CDC messages; aborted",
                        "  server sent 0 bytes in 1 CDC message; aborted");
        assertThat(summary("server_halfclose"))
                .contains("  server sent 6 bytes in 3 CDC messages; done writing, closed");
    }

    @Test
    void shouldTellADeclineByTheClientOverIpv6() {
        assertThat(summary("ipv6_decline"))
                .anyMatch(line -> line.startsWith("Connection 1: [fd00:99::1]:44324 > [fd00:99::2]:22811, TCP"))
                .contains("  the client declined: NOSMCDEV 0x03030000 (no device for SMC-R or SMC-D)");
    }

    @Test
    void shouldTellHalfCloseAndAbort() {
        assertThat(summary("halfclose"))
                .contains(
                        "  client sent 7 bytes in 3 CDC messages; done writing, closed",
                        "  server sent 23 bytes in 2 CDC messages; closed");
        assertThat(summary("abort"))
                .contains(
                        "  client sent 0 bytes in 1 CDC message; aborted",
                        "  server sent 10 bytes in 2 CDC messages; aborted");
    }

    @Test
    void shouldTellWhyTcpWasUsed() {
        assertThat(summary("decline"))
                .anyMatch(line -> line.contains("TCP"))
                .contains(
                        "  the server declined: NOSMCDEV 0x03030000 (no device for SMC-R or SMC-D)",
                        "  what to do: Check that an RDMA or ISM device exists, is active, and shares the network (pnetid)"
                                + " of the IP interface.");
        assertThat(summary("e1_smc_client_tcp_server"))
                .contains("  the server did not answer the SMC option: PEERNOSMC 0x03010000");
        assertThat(summary("e2_tcp_client_smc_server")).contains("1 TCP connection did not offer SMC");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "failover", "link_failure", "decline", "d_down", "k612_fallback_no_smc"})
    void shouldTellTheSameAsJson(String capture) {
        Map<String, Object> json = Dissected.run("--summary", "--json", Dissected.file(capture + ".pcap"))
                .objects()
                .getFirst();
        List<String> text = summary(capture);
        assertThat((List<?>) json.get("linkGroups"))
                .hasSameSizeAs(
                        text.stream().filter(l -> l.startsWith("Link group")).toList());
        assertThat((List<?>) json.get("connections"))
                .hasSameSizeAs(
                        text.stream().filter(l -> l.startsWith("Connection ")).toList());
    }

    @Test
    void shouldTellOfSmcdThatItsDataIsNotInTheCapture() {
        byte[] capture = Pcap.ethernet(
                Packets.syn(999, Packets.SMC_OPTION),
                Packets.synAck(1999, Packets.SMC_OPTION),
                Packets.toServer(1000, Examples.bytes("CLC_PROPOSAL_V2_D")),
                Packets.toClient(2000, Examples.bytes("CLC_ACCEPT_V2_D")),
                Packets.toServer(1214, confirm()));
        assertThat(Dissected.capture(capture, "--summary").out())
                .anyMatch(line -> line.contains("10.99.0.1:4000 > 10.99.0.2:5000, SMC-D"))
                .contains("  its data moves through memory, so the capture does not have it");
    }

    private static byte[] confirm() {
        byte[] confirm = Examples.bytes("CLC_ACCEPT_V2_D");
        confirm[4] = 3;
        return confirm;
    }
}
