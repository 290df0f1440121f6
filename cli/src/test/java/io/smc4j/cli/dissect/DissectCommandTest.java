package io.smc4j.cli.dissect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DissectCommandTest {
    private static final String K612 = Dissected.file("k612_echo_close.pcap");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                    | give either captures or --hex",
                "/nonexistent.pcap                     | there is no such file",
                "/                                     | it is not a readable file",
                "/etc/passwd                           | neither pcap nor pcapng",
                "/dev/null                             | is empty",
                "-                                     | standard input is empty",
                "--hex 0g                              | '0g' is not hexadecimal",
                "--hex 00 x.pcap                       | give either captures or --hex",
                "--filter color=red x.pcap             | 'color=red' is no filter: write layer=NAME",
                "--filter layer=ip x.pcap              | 'layer=ip' is no filter",
                "--filter qp=eleven x.pcap             | 'qp=eleven' is no filter",
                "--filter token=-1 x.pcap              | 'token=-1' is no filter",
                "--filter qp=0x100000000 x.pcap        | is no filter"
            })
    void shouldRefuseBadInputWithOneLineAndExitCode2(String line, String reason) {
        Dissected run = Dissected.run(line.isEmpty() ? new String[0] : line.split(" "));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).singleElement().asString().startsWith("smc4j: ").contains(reason);
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "layer=tcp-option, 2",
        "clc, 3",
        "layer=llc, 8",
        "'layer=clc,llc', 11",
        "layer=cdc, 8",
        "layer=rdma, 28",
        "qp=0x11, 46",
        "qp=17, 46",
        "qp=0x12, 2",
        "token=5, 10",
        "token=6, 0"
    })
    void shouldFilter(String filter, int lines) {
        assertThat(Dissected.run("--filter", filter, K612).out()).hasSize(lines);
    }

    @Test
    void shouldPrintWhatAllFiltersAccept() {
        Dissected run = Dissected.run("--filter", "layer=cdc,clc", "--filter", "token=5", "--filter", "qp=17", K612);
        assertThat(run.out()).hasSize(10);
        assertThat(Dissected.run("--filter", "layer=CDC,clc,token=5,qp=17", K612)
                        .out())
                .isEqualTo(run.out());
    }

    @Test
    void shouldExplainEveryFieldToAReaderWhoIsNewToSmc() {
        Dissected run = Dissected.run("-v", K612);
        assertThat(run.out())
                .contains(
                        "          The client asks, inside the TCP SYN, whether the server speaks SMC.",
                        "          The server accepts and tells its receive buffer (RMB) and queue pair; the two hosts make a new link group.",
                        "            50+1  23                 RMBE size and QP MTU: 65536 bytes (code 2), MTU 1024",
                        "            64+32 534d432e5249472e.. negotiated EID: 'SMC.RIG.EID'",
                        "          Application data goes straight into the receive buffer of the peer.",
                        "          The sender has closed the connection and had read everything.");
    }

    @Test
    void shouldListTheFieldsInVerboseJson() {
        Map<String, Object> cdc = Dissected.run("-v", "--json", "--filter", "layer=cdc", K612)
                .objects()
                .getFirst();
        List<?> fields = (List<?>) cdc.get("fields");
        assertThat(fields).hasSize(13);
        assertThat(fields.get(2)).isEqualTo(Map.of("offset", 2, "length", 2, "name", "sequence number", "value", "1"));
    }

    @Test
    void shouldReadEveryExampleAsHexadecimal() {
        String input = String.join("\n", Examples.lines());
        Dissected run = Dissected.run(input.getBytes(StandardCharsets.US_ASCII), "--json", "--hex", "-", "--check");
        assertThat(run.err())
                .containsExactly("smc4j dissect: encoded 33 messages again, 0 of them differ from the input");
        List<Map<String, Object>> messages = run.objects();
        assertThat(messages).hasSameSizeAs(Examples.lines());
        for (int i = 0; i < messages.size(); i++) {
            String layer = Examples.lines().get(i).startsWith("TCP")
                    ? "tcp-option"
                    : Examples.lines().get(i).startsWith("CLC")
                            ? "clc"
                            : Examples.lines().get(i).startsWith("LLC") ? "llc" : "cdc";
            assertThat(messages.get(i))
                    .as(Examples.lines().get(i))
                    .containsEntry("layer", layer)
                    .doesNotContainKey("violation");
        }
    }

    @Test
    void shouldTakeHexadecimalAsPeopleWriteIt() {
        String cdc = HexFormat.of().formatHex(Examples.bytes("CDC_DATA"));
        String spaced = HexFormat.ofDelimiter(" ").formatHex(Examples.bytes("CDC_DATA"));
        String colons = HexFormat.ofDelimiter(":").withUpperCase().formatHex(Examples.bytes("CDC_DATA"));
        Dissected run = Dissected.run("--hex", cdc, "--hex", spaced, "--hex", colons, "--hex", "0x" + cdc);
        assertThat(run.out()).hasSize(4).allMatch(line -> line.contains("cdc CDC seq=5 token=0x11 producer=(0,4096)"));
        String lines = "# a comment\n\n" + spaced + "\nCDC_DATA 44 " + cdc + "\n";
        assertThat(Dissected.run(lines.getBytes(StandardCharsets.US_ASCII), "--hex", "-")
                        .out())
                .hasSize(2);
    }

    @Test
    void shouldReadStandardInputAndSeveralFiles(@TempDir Path directory) throws Exception {
        byte[] capture = Files.readAllBytes(Path.of(K612));
        assertThat(Dissected.run(capture, "-").out())
                .isEqualTo(Dissected.run(K612).out());
        Path copy = Files.write(directory.resolve("copy.pcap"), capture);
        assertThat(Dissected.run(K612, copy.toString()).out())
                .hasSize(2 * Dissected.run(K612).out().size());
    }

    @Test
    void shouldSayWhatItChecked() {
        Dissected run = Dissected.run("--check", K612);
        assertThat(run.exitCode()).isZero();
        assertThat(run.err())
                .containsExactly("smc4j dissect: encoded 21 messages again, 0 of them differ from the input");
    }

    @Test
    void shouldGiveEveryMemberThatScriptsRelyOn() {
        List<Map<String, Object>> messages = Dissected.run("--json", K612).objects();
        assertThat(messages)
                .allSatisfy(message ->
                        assertThat(message).containsKeys("frame", "time", "layer", "message", "src", "dst", "length"));
        assertThat(messages)
                .filteredOn(m -> m.get("layer").equals("cdc"))
                .allSatisfy(message ->
                        assertThat(message).containsKeys("qp", "psn", "token", "seq", "producer", "consumer", "flags"));
        assertThat(messages)
                .filteredOn(m -> m.get("message").equals("WRITE_ONLY"))
                .allSatisfy(message -> assertThat(message).containsKeys("qp", "psn", "rkey", "vaddr"));
        assertThat(messages)
                .filteredOn(m -> m.get("message").equals("ACCEPT"))
                .allSatisfy(
                        message -> assertThat(message).containsKeys("qp", "psn", "token", "rkey", "vaddr", "flags"));
    }

    @Test
    void shouldKeepUntrustedTextOffTheTerminal() {
        byte[] accept = Examples.bytes("CLC_ACCEPT_V2_R_FC");
        accept[108] = 0x1B;
        accept[109] = (byte) 0xE9;
        String hex = HexFormat.of().formatHex(accept);
        assertThat(Dissected.run("--hex", hex, "-v").text())
                .doesNotContain("\u001b")
                .contains("host=??sta");
        assertThat(Dissected.run("--hex", hex, "--json").objects().getFirst())
                .containsEntry("hostName", "\u001b\u00e9sta");
    }
}
