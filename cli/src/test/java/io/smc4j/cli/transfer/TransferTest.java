package io.smc4j.cli.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.cli.CliRun;
import io.smc4j.cli.PlainServer;
import io.smc4j.cli.output.Json;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TransferTest {
    @TempDir
    private Path directory = Path.of("");

    private Path inbox = Path.of("");

    @BeforeEach
    void makeInbox() throws Exception {
        inbox = Files.createDirectory(directory.resolve("in"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 256 * 1024, 256 * 1024 + 1, 3_000_000})
    void shouldStoreTheSameBytesAndSaySoAtBothEnds(int size) throws Exception {
        byte[] content = new byte[size];
        new SplittableRandom(size).nextBytes(content);
        Path file = Files.write(directory.resolve("photo 1.jpg"), content);
        String sha =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        try (CliRun serve = serve("--once")) {
            CliRun send = CliRun.of("send", "--json", file.toString(), "127.0.0.1:" + serve.port());

            assertThat(send.err()).isEmpty();
            assertThat(send.exitCode()).isZero();
            assertThat(send.json().text("sha256")).hasValue(sha);
            assertThat(send.json().flag("sha256Match")).isTrue();
            assertThat(send.json().number("bytes")).hasValue(size);
            assertThat(send.json().text("transport")).hasValue("tcp");
            assertThat(send.json().text("fallbackReason").orElse("")).contains("PEERNOSMC");
            assertThat(serve.exitCode()).isZero();
            Json stored = Json.parse(serve.out().get(1));
            assertThat(stored.text("sha256")).hasValue(sha);
            assertThat(stored.flag("checksumVerified")).isTrue();
        }
        assertThat(inbox.resolve("photo 1.jpg")).hasBinaryContent(content);
        assertThat(inbox).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void shouldNotOverwriteUnlessTold() throws Exception {
        Path file = Files.writeString(directory.resolve("a"), "new");
        Files.writeString(inbox.resolve("a"), "old");
        try (CliRun serve = serve()) {
            CliRun send = CliRun.of("send", file.toString(), "127.0.0.1:" + serve.port());
            assertThat(send.exitCode()).isEqualTo(1);
            assertThat(send.err()).singleElement().asString().contains("409").contains("exists already");
            assertThat(inbox.resolve("a")).hasContent("old");
        }
        try (CliRun serve = serve("--overwrite")) {
            assertThat(CliRun.of("send", file.toString(), "127.0.0.1:" + serve.port())
                            .exitCode())
                    .isZero();
            assertThat(inbox.resolve("a")).hasContent("new");
        }
    }

    @Test
    void shouldServeOrdinaryHttpClients() throws Exception {
        try (CliRun serve = serve()) {
            int port = serve.port();
            String status = RawHttp.exchange(port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(status)
                    .startsWith("HTTP/1.1 200 OK")
                    .contains("This connection: tcp")
                    .contains("PEERNOSMC");

            String put = RawHttp.exchange(
                    port, RawHttp.put("b.txt", "Content-Length: 5\r\nExpect: 100-continue\r\n", "hello"));
            assertThat(put)
                    .startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created")
                    .contains("\"bytes\":5");
            assertThat(inbox.resolve("b.txt")).hasContent("hello");

            String chunked = RawHttp.exchange(
                    port, RawHttp.put("c.txt", "Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"));
            assertThat(chunked).startsWith("HTTP/1.1 201");
            assertThat(inbox.resolve("c.txt")).hasContent("hello");
        }
    }

    @Test
    void shouldRefuseGarbageAndKeepServing() throws Exception {
        byte[] random = new byte[100_000];
        new SplittableRandom(7).nextBytes(random);
        try (CliRun serve = serve()) {
            int port = serve.port();
            assertThat(RawHttp.exchange(port, "hello there\r\n\r\n")).startsWith("HTTP/1.1 400 Bad Request");
            assertThat(RawHttp.exchange(port, "\0\1\2\3\r\n\r\n")).startsWith("HTTP/1.1 400");
            assertThat(RawHttp.exchange(port, "A".repeat(100_000))).startsWith("HTTP/1.1 400");
            assertThat(RawHttp.exchange(port, "GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(1000) + "\r\n"))
                    .startsWith("HTTP/1.1 400");
            try (Socket socket = RawHttp.connect(port)) {
                socket.getOutputStream().write(random);
            }
            assertThat(RawHttp.exchange(port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
                    .startsWith("HTTP/1.1 200");
        }
        assertThat(inbox).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "400|PUT /../x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx",
                "400|PUT /..%2fx HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx",
                "400|PUT /.hidden HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx",
                "400|PUT /x HTTP/1.1\r\nContent-Length: 1\r\n\r\nx",
                "400|PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\nx",
                "400|PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
                "400|PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "400|PUT /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
                "411|PUT /x HTTP/1.1\r\nHost: x\r\n\r\n",
                "417|PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nExpect: cake\r\n\r\nx",
                "422|PUT /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nX-File-Length: 9\r\n\r\n1\r\nx\r\n0\r\n\r\n",
                "422|PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
                        + "Repr-Digest: sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:\r\n\r\nx",
                "422|PUT /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n"
                        + "Repr-Digest: sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:\r\n\r\n",
                "501|PUT /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\nx",
                "505|PUT /x HTTP/2.0\r\nHost: x\r\nContent-Length: 1\r\n\r\nx",
                "507|PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000000000000\r\n\r\nx",
                "405|DELETE /x HTTP/1.1\r\nHost: x\r\n\r\n",
                "404|GET /x HTTP/1.1\r\nHost: x\r\n\r\n"
            })
    void shouldRefuseAndKeepNothing(String statusAndRequest) throws Exception {
        String[] parts = statusAndRequest.split("\\|", 2);
        try (CliRun serve = serve()) {
            assertThat(RawHttp.exchange(serve.port(), parts[1])).startsWith("HTTP/1.1 " + parts[0] + " ");
        }
        assertThat(inbox).isEmptyDirectory();
    }

    @Test
    void shouldKeepNothingOfAFileWhoseSenderWentAway() throws Exception {
        try (CliRun serve = serve("--once")) {
            try (Socket socket = RawHttp.connect(serve.port())) {
                socket.getOutputStream()
                        .write(RawHttp.put("half", "Content-Length: 10\r\n", "hell")
                                .getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(serve.exitCode()).isEqualTo(1);
            assertThat(Json.parse(serve.out().getLast()).text("event")).hasValue("failed");
        }
        assertThat(inbox).isEmptyDirectory();
    }

    @Test
    void shouldGiveUpOnASilentSender() throws Exception {
        try (CliRun serve = serve("--once", "--idle-timeout", "1");
                Socket socket = RawHttp.connect(serve.port())) {
            socket.getOutputStream()
                    .write(RawHttp.put("slow", "Content-Length: 10\r\n", "x").getBytes(StandardCharsets.US_ASCII));
            assertThat(serve.exitCode()).isEqualTo(1);
            assertThat(serve.json().text("reason").orElse("")).contains("neither sent nor took a byte");
        }
        assertThat(inbox).isEmptyDirectory();
    }

    @Test
    void shouldSayWhenTheOtherEndIsNoFileServer() throws Exception {
        Path file = Files.writeString(directory.resolve("a"), "x");
        try (PlainServer server = new PlainServer(client -> {
            client.getOutputStream().write("220 smtp.example ESMTP\r\n".getBytes(StandardCharsets.US_ASCII));
            client.getInputStream().readAllBytes();
        })) {
            CliRun send = CliRun.of("send", file.toString(), server.address());
            assertThat(send.exitCode()).isEqualTo(1);
            assertThat(send.err()).singleElement().asString().contains("does not answer as a file server");
        }
    }

    @Test
    void shouldStopSendingWhenTheServerSaysThatItsDiskIsFull() throws Exception {
        Path file = directory.resolve("big");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 40);
        }
        try (PlainServer server = new PlainServer(client -> {
            OutputStream out = client.getOutputStream();
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            client.getInputStream().readNBytes(1_000_000);
            out.write("HTTP/1.1 507 Insufficient Storage\r\nContent-Length: 4\r\n\r\nfull"
                    .getBytes(StandardCharsets.US_ASCII));
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
        })) {
            CliRun send = CliRun.of("send", file.toString(), server.address());
            assertThat(send.exitCode()).isEqualTo(1);
            assertThat(send.err()).singleElement().asString().contains("507 Insufficient Storage: full");
        }
    }

    private CliRun serve(String... more) {
        String[] arguments = new String[5 + more.length];
        System.arraycopy(new String[] {"serve", "--json", "--port=0", "--dir", inbox.toString()}, 0, arguments, 0, 5);
        System.arraycopy(more, 0, arguments, 5, more.length);
        return CliRun.start(arguments);
    }
}
