package io.smc4j.cli.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.cli.CliRun;
import io.smc4j.cli.PlainServer;
import io.smc4j.cli.output.Json;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class EchoTest {
    @Test
    void shouldEchoTheRestAfterAHalfCloseAndThenEnd() throws Exception {
        try (CliRun server = CliRun.start("echo-server", "--json", "--port=0", "--once");
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("hello");
            assertThat(server.exitCode()).isZero();
            assertThat(server.out()).hasSize(3);
            assertThat(Json.parse(server.out().get(1)).text("fallbackReason").orElse(""))
                    .contains("PEERNOSMC");
            assertThat(server.json().number("bytes")).hasValue(5);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 32 * 1024, 32 * 1024 + 1, 3_000_000})
    void shouldMeasureRoundTripsOfAnySizeToAPlainTcpEchoServer(int size) throws Exception {
        try (PlainServer server = plainServer(UnaryOperator.identity())) {
            CliRun ping = ping(server, "--json", "--count", "20", "--warmup", "3", "--size", Integer.toString(size));

            assertThat(ping.err()).isEmpty();
            assertThat(ping.exitCode()).isZero();
            Json json = ping.json();
            assertThat(json.number("count")).hasValue(20);
            assertThat(json.number("p50Micros").orElseThrow().doubleValue()).isPositive();
            assertThat(json.number("p99Micros").orElseThrow().doubleValue())
                    .isGreaterThanOrEqualTo(
                            json.number("p50Micros").orElseThrow().doubleValue());
            assertThat(json.text("transport")).hasValue("tcp");
            assertThat(json.text("fallbackReason")).isPresent();
        }
    }

    @Test
    void shouldPrintPercentilesTransportAndReason() throws Exception {
        try (PlainServer server = plainServer(UnaryOperator.identity())) {
            CliRun ping = ping(server, "--count", "20", "--warmup", "0");
            assertThat(String.join("\n", ping.out()))
                    .contains("p50", "p90", "p99", "p99.9", "max", "over tcp", "PEERNOSMC");
            assertThat(ping.out().getLast()).matches(" *([0-9.]+ *){7}");
        }
    }

    @Test
    void shouldNoticeThatOtherBytesComeBack() throws Exception {
        try (PlainServer server = plainServer(bytes -> {
            bytes[bytes.length - 1] ^= 1;
            return bytes;
        })) {
            CliRun ping = ping(server);
            assertThat(ping.exitCode()).isEqualTo(1);
            assertThat(ping.err())
                    .singleElement()
                    .asString()
                    .contains("other bytes came back")
                    .contains("byte 63");
        }
    }

    @Test
    void shouldSayWhenTheServerDoesNotAnswer() throws Exception {
        try (PlainServer server = plainServer(_ -> new byte[0])) {
            CliRun ping = ping(server, "--timeout", "1");
            assertThat(ping.exitCode()).isEqualTo(1);
            assertThat(ping.err())
                    .singleElement()
                    .asString()
                    .contains("neither sent nor took")
                    .contains("echo server?");
        }
    }

    @Test
    void shouldSayWhenTheServerCloses() throws Exception {
        try (PlainServer server =
                new PlainServer(client -> client.getInputStream().readNBytes(64))) {
            CliRun ping = ping(server);
            assertThat(ping.exitCode()).isEqualTo(1);
            assertThat(ping.err())
                    .singleElement()
                    .asString()
                    .contains("after 0 answers")
                    .contains("closed the connection");
        }
    }

    private static CliRun ping(PlainServer server, String... more) throws Exception {
        String[] arguments = new String[2 + more.length];
        arguments[0] = "ping";
        System.arraycopy(more, 0, arguments, 1, more.length);
        arguments[arguments.length - 1] = server.address();
        return CliRun.of(arguments);
    }

    private static PlainServer plainServer(UnaryOperator<byte[]> answer) throws Exception {
        return new PlainServer(client -> {
            InputStream in = client.getInputStream();
            OutputStream out = client.getOutputStream();
            byte[] bytes = new byte[64 * 1024];
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                out.write(answer.apply(Arrays.copyOf(bytes, count)));
            }
        });
    }
}
