package io.smc4j.cli.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.cli.PlainServer;
import io.smc4j.cli.output.Json;
import io.smc4j.testkit.process.ChildJvm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class RealPingTest {
    private final Commands commands = commands();

    @AfterEach
    void close() throws Exception {
        commands.close();
    }

    @ParameterizedTest
    @CsvSource({"auto, smc-d, rendezvous", "smc-r, smc-r, explicit", "tcp, tcp, rendezvous"})
    void shouldPingOverTheTransportThatWasAskedForAndLeaveNothingBehind(String asked, String used, String negotiation)
            throws Exception {
        ChildJvm server = commands.start("echo-server", "--json", "--port=0", "--once", "--negotiation", negotiation);
        Json ping = commands.run(
                "ping",
                "--json",
                "--count=200",
                "--warmup=50",
                "--transport",
                asked,
                "--negotiation",
                negotiation,
                Commands.address(server));

        assertThat(ping.text("transport")).hasValue(used);
        assertThat(ping.text("fallbackReason").isPresent()).isEqualTo(used.equals("tcp"));
        assertThat(ping.number("count")).hasValue(200);
        assertThat(server.awaitExit(Commands.SOON)).isZero();
        assertThat(commands.sharedFiles()).isEmpty();
    }

    @Test
    void shouldPingAPlainTcpEchoServerByFallbackAndSayWhy() throws Exception {
        try (PlainServer server =
                new PlainServer(client -> client.getInputStream().transferTo(client.getOutputStream()))) {
            Json ping = commands.run("ping", "--json", "--count=100", "--warmup=0", server.address());
            assertThat(ping.text("transport")).hasValue("tcp");
            assertThat(ping.text("fallbackReason").orElse("")).contains("PEERNOSMC");
        }
    }

    @Test
    void shouldEchoToAPlainTcpClientThatClosesHalf() throws Exception {
        ChildJvm server = commands.start("echo-server", "--json", "--port=0", "--once");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Commands.port(server))) {
            socket.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("hello\n");
        }
        assertThat(server.awaitExit(Commands.SOON)).isZero();
        assertThat(server.output()).anyMatch(line -> line.contains("\"connected\"") && line.contains("PEERNOSMC"));
    }

    private static Commands commands() {
        try {
            return new Commands();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
