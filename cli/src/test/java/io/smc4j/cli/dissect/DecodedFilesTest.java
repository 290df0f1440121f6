package io.smc4j.cli.dissect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The dissector agrees, message for message, with an independent decoder's reading of the same captures. */
class DecodedFilesTest {
    private static final Pattern FRAME = Pattern.compile("^ *(\\d+) +[\\d.]+ +(\\d+)>(\\d+) (.*)$");
    private static final Pattern CLC = Pattern.compile(".*CLC (\\w+)\\(R\\).* len=(\\d+).*");
    private static final Pattern ROCE = Pattern.compile("RoCE (\\w+) qp=(\\w+) psn=(\\w+)(.*)");
    private static final Pattern ACK = Pattern.compile(".*aeth=(\\w+) msn=(\\d+)");
    private static final Pattern WRITE = Pattern.compile(".*va=(\\w+) rkey=(\\w+) len=(\\d+)");
    private static final Pattern CDC = Pattern.compile(
            ".*seq=(\\d+) token=(\\w+) prod=\\((\\d+),(\\d+)\\) cons=\\((\\d+),(\\d+)\\) pflags=(\\w\\w).* cflags=(\\w\\w).*");
    private static final Pattern LLC = Pattern.compile(".*? ([A-Z_0-9]{6,})( RESPONSE)? len=(\\d+) flags=(\\w\\w).*");

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
                "abort",
                "asymmetric",
                "bulk_cut_off",
                "decline",
                "failover",
                "group_deleted",
                "halfclose",
                "link_failure",
                "older_group_two_links",
                "server_abort",
                "server_halfclose",
                "server_link_failure",
                "two_links_echo",
                "urgent",
                "vlan"
            })
    void shouldAgreeWithTheIndependentDecoder(String name) throws IOException {
        List<String> expected = Files.readAllLines(Path.of(Dissected.file(name + ".decoded.txt"))).stream()
                .map(DecodedFilesTest::expected)
                .flatMap(Optional::stream)
                .toList();
        Dissected run = Dissected.run("--json", "--check", Dissected.file(name + ".pcap"));
        assertThat(run.exitCode()).isZero();
        assertThat(run.objects().stream().map(DecodedFilesTest::actual)).containsExactlyElementsOf(expected);
    }

    /** A line of the other decoder in one wording, if it has a message. */
    private static Optional<String> expected(String line) {
        if (line.contains(" ethertype ") || line.contains(" ip protocol ")) {
            return Optional.empty();
        }
        Matcher frame = match(FRAME, line);
        String where = frame.group(1) + " " + frame.group(2) + ">" + frame.group(3) + " ";
        String what = frame.group(4);
        if (what.startsWith("TCP ")) {
            if (what.contains("opt254") || what.contains("option 254")) {
                return Optional.of(where + "option");
            }
            Matcher clc = CLC.matcher(what);
            return clc.matches() ? Optional.of(where + clc.group(1) + " len=" + clc.group(2)) : Optional.empty();
        }
        Matcher roce = match(ROCE, what);
        String packet = where + "qp=" + roce.group(2) + " psn=" + roce.group(3) + " ";
        String rest = roce.group(4);
        return Optional.of(packet
                + switch (roce.group(1)) {
                    case "ACK" -> {
                        Matcher ack = match(ACK, rest);
                        yield "ACK aeth=" + ack.group(1) + " msn=" + ack.group(2);
                    }
                    case "WRITE_MIDDLE", "WRITE_LAST" -> roce.group(1);
                    case "WRITE_ONLY", "WRITE_FIRST" -> {
                        Matcher write = match(WRITE, rest);
                        yield roce.group(1) + " va=" + write.group(1) + " rkey=" + write.group(2) + " len="
                                + write.group(3);
                    }
                    default -> rest.contains("CDC") ? cdc(match(CDC, rest)) : llc(match(LLC, rest));
                });
    }

    private static String cdc(Matcher cdc) {
        return "CDC seq=" + cdc.group(1) + " token=" + cdc.group(2) + " prod=" + cdc.group(3) + "," + cdc.group(4)
                + " cons=" + cdc.group(5) + "," + cdc.group(6) + " flags=" + cdc.group(7) + "," + cdc.group(8);
    }

    private static String llc(Matcher llc) {
        return llc.group(1) + " len=" + llc.group(3) + " flags=" + llc.group(4);
    }

    private static Matcher match(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.matches()).as("%s in %s", pattern, text).isTrue();
        return matcher;
    }

    /** A message of ours in the same wording. */
    private static String actual(Map<String, Object> message) {
        String where = message.get("frame") + " " + last(message, "src") + ">" + last(message, "dst") + " ";
        if (message.get("layer").equals("tcp-option")) {
            return where + "option";
        }
        if (message.get("layer").equals("clc")) {
            return where + message.get("message") + " len=" + message.get("length");
        }
        String packet = where + "qp=" + hex(message, "qp") + " psn=" + hex(message, "psn") + " ";
        return packet
                + switch (String.valueOf(message.get("layer"))) {
                    case "llc" ->
                        message.get("message") + " len=" + message.get("length") + " flags="
                                + hexByte(message, "flags");
                    case "cdc" -> cdc(message);
                    default ->
                        switch (String.valueOf(message.get("message"))) {
                            case "ACK" -> "ACK aeth=" + hexByte(message, "syndrome") + " msn=" + message.get("msn");
                            case "WRITE_MIDDLE", "WRITE_LAST" -> message.get("message");
                            default ->
                                message.get("message") + " va="
                                        + String.valueOf(message.get("vaddr")).substring(2) + " rkey="
                                        + hex(message, "rkey") + " len=" + message.get("length");
                        };
                };
    }

    private static String cdc(Map<String, Object> message) {
        Map<?, ?> producer = (Map<?, ?>) message.get("producer");
        Map<?, ?> consumer = (Map<?, ?>) message.get("consumer");
        Map<?, ?> flags = (Map<?, ?>) message.get("flags");
        return "CDC seq=" + message.get("seq") + " token=" + hex(message, "token") + " prod=" + producer.get("wrap")
                + "," + producer.get("count") + " cons=" + consumer.get("wrap") + "," + consumer.get("count")
                + String.format(" flags=%02x,%02x", flags.get("producer"), flags.get("state"));
    }

    private static String last(Map<String, Object> message, String address) {
        String text = String.valueOf(message.get(address));
        return text.substring(text.lastIndexOf('.') + 1);
    }

    private static String hex(Map<String, Object> message, String field) {
        return Long.toHexString(((Number) message.get(field)).longValue());
    }

    private static String hexByte(Map<String, Object> message, String field) {
        return String.format("%02x", ((Number) message.get(field)).intValue());
    }
}
