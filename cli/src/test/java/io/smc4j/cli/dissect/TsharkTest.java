package io.smc4j.cli.dissect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The dissector agrees, field for field, with tshark's SMC dissector for what that knows: option, CLC and CDC. Where tshark is not
 * installed there is nothing to compare with.
 */
class TsharkTest {
    private static final String[] FIELDS = {
        "frame.number",
        "tcp.options.experimental.exid",
        "smc.clc_msg",
        "smc.llc_msg",
        "smc.length",
        "infiniband.bth.destqp",
        "infiniband.bth.psn",
        "smc.rmbe.ctrl.seqno",
        "smc.rmbe.ctrl.alert.token",
        "smc.rmbe.ctrl.prod.wrap.seq",
        "smc.rmbe.ctrl.peer.prod.curs",
        "smc.rmbe.ctrl.conn.rw.status.flags",
        "smc.rmbe.ctrl.peer.conn.state.flags",
        "smc.accept.server.qp.number",
        "smc.accept.server.rmb.rkey",
        "smc.accept.server.rmb.element.alert.token",
        "smc.accept.server.rmb.virtual.address",
        "smc.accept.initial.psn",
        "smc.accept.sender.server.peer.id",
        "smc.confirm.client.qp.number",
        "smc.confirm.client.rmb.rkey",
        "smc.client.rmb.element.alert.token",
        "smc.client.rmb.virtual.address",
        "smc.initial.psn",
        "smc.confirm.sender.client.peer.id",
        "smc.peer.diag.info",
    };
    private static final List<String> CLC = List.of("", "PROPOSAL", "ACCEPT", "CONFIRM", "DECLINE");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "c",
                "d_down",
                "e1_smc_client_tcp_server",
                "e2_tcp_client_smc_server",
                "k612_echo_close",
                "k612_fallback_no_smc",
                "two_links_echo",
                "failover",
                "link_failure",
                "halfclose",
                "abort",
                "decline",
                "asymmetric",
                "bulk_cut_off",
                "group_deleted",
                "ipv6_decline",
                "older_group_two_links",
                "server_abort",
                "server_halfclose",
                "server_link_failure",
                "urgent",
                "vlan"
            })
    void shouldAgreeWithTshark(String name) throws Exception {
        assumeTrue(isInstalled(), "tshark is not installed");
        String file = Dissected.file(name + ".pcap");
        Dissected run = Dissected.run("--json", file);
        List<String> ours = new ArrayList<>();
        for (Map<String, Object> message : run.objects()) {
            switch (String.valueOf(message.get("layer"))) {
                case "tcp-option" -> ours.add(message.get("frame") + " option");
                case "clc" -> ours.add(clc(message));
                case "cdc" -> ours.add(cdc(message));
                default -> {}
            }
        }
        assertThat(ours).containsExactlyElementsOf(tshark(file));
    }

    private static String clc(Map<String, Object> message) {
        String common = message.get("frame") + " " + message.get("message") + " length=" + message.get("length");
        if (message.containsKey("diagnosis")) {
            return common + " diagnosis=" + message.get("diagnosis");
        }
        if (!message.containsKey("rkey")) {
            return common;
        }
        return common + " peer=" + message.get("peerId") + " qp=" + message.get("qp") + " rkey=" + message.get("rkey")
                + " token=" + message.get("token") + " vaddr=" + message.get("vaddr") + " psn=" + message.get("psn");
    }

    private static String cdc(Map<String, Object> message) {
        Map<?, ?> producer = (Map<?, ?>) message.get("producer");
        Map<?, ?> consumer = (Map<?, ?>) message.get("consumer");
        Map<?, ?> flags = (Map<?, ?>) message.get("flags");
        return message.get("frame") + " CDC length=" + message.get("length") + " qp=" + message.get("qp") + " psn="
                + message.get("psn") + " seq=" + message.get("seq") + " token=" + message.get("token") + " wraps="
                + producer.get("wrap") + "," + consumer.get("wrap") + " counts=" + producer.get("count") + ","
                + consumer.get("count") + " flags=" + flags.get("producer") + "," + flags.get("state");
    }

    private static List<String> tshark(String file) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("tshark", "-r", file));
        // It takes LLC version 2 for RPC over RDMA; it cannot decode it either way.
        command.addAll(List.of("--disable-protocol", "rpcordma", "-T", "fields", "-E", "separator=|"));
        for (String field : FIELDS) {
            command.addAll(List.of("-e", field));
        }
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        List<String> messages = new ArrayList<>();
        out.lines().forEach(line -> add(line.split("\\|", -1), messages));
        return messages;
    }

    private static void add(String[] f, List<String> messages) {
        if (f[1].equals("0xe2d4")) {
            messages.add(f[0] + " option");
        }
        if (!f[2].isEmpty()) {
            String common = f[0] + " " + CLC.get(Integer.decode(f[2])) + " length=" + f[4];
            int first = f[13].isEmpty() ? 19 : 13;
            if (!f[25].isEmpty()) {
                messages.add(common + " diagnosis=" + Long.decode(f[25].split(",", -1)[0]));
            } else if (f[first].isEmpty()) {
                messages.add(common);
            } else {
                messages.add(common + " peer=" + f[first + 5].replaceAll("^0x|:", "") + " qp=" + Long.decode(f[first])
                        + " rkey=" + Long.decode(f[first + 1]) + " token=" + Long.decode(f[first + 2]) + " vaddr=0x"
                        + Long.toHexString(Long.parseUnsignedLong(f[first + 3].substring(2), 16)) + " psn="
                        + Long.decode(f[first + 4]));
            }
        }
        if (f[3].equals("0xfe")) {
            messages.add(f[0] + " CDC length=" + f[4] + " qp=" + Long.decode(f[5]) + " psn=" + f[6] + " seq="
                    + Long.decode(f[7]) + " token=" + Long.decode(f[8]) + " wraps=" + decoded(f[9]) + " counts="
                    + decoded(f[10]) + " flags=" + Long.decode(f[11]) + "," + Long.decode(f[12]));
        }
    }

    /** The producer's number and the consumer's, which tshark gives the same name. */
    private static String decoded(String both) {
        String[] numbers = both.split(",", -1);
        return Long.decode(numbers[0]) + "," + Long.decode(numbers[1]);
    }

    private static boolean isInstalled() throws InterruptedException {
        try {
            return new ProcessBuilder("tshark", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
