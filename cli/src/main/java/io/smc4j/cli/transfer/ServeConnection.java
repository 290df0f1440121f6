package io.smc4j.cli.transfer;

import io.smc4j.SmcChannel;
import io.smc4j.cli.command.Version;
import io.smc4j.cli.failure.Why;
import io.smc4j.cli.output.Carrier;
import io.smc4j.cli.output.Json;
import io.smc4j.cli.stream.ChannelInput;
import io.smc4j.cli.stream.ChannelOutput;
import io.smc4j.cli.stream.IdleGuard;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves one connection: one request, one response. */
final class ServeConnection {
    /** How it ended. */
    enum Outcome {
        STORED,
        ANSWERED,
        REFUSED_UPLOAD,
        REFUSED
    }

    private static final Logger LOG = LoggerFactory.getLogger(ServeConnection.class);

    /** What a client that was refused may still send before it notices. */
    private static final long MOST_DISCARDED = 16 << 20;

    private static final int LONGEST_EXCERPT = 120;

    private final SmcChannel channel;
    private final FileStore store;
    private final ServeListener listener;
    private final ChannelInput in;
    private final ChannelOutput out;
    private final SessionInputBuffer buffer = Http.inputBuffer();

    ServeConnection(SmcChannel channel, IdleGuard guard, FileStore store, ServeListener listener) {
        this.channel = channel;
        this.store = store;
        this.listener = listener;
        this.in = new ChannelInput(channel, guard);
        this.out = new ChannelOutput(channel, guard);
    }

    /** Serves the connection; closing it is the caller's. */
    Outcome serve() {
        boolean upload = false;
        try {
            ClassicHttpRequest request = Http.readRequest(buffer, in);
            if (request == null) {
                return Outcome.ANSWERED; // came and went without a word
            }
            checkVersion(request);
            upload = "PUT".equals(request.getMethod());
            Outcome outcome = upload ? store(Upload.of(request)) : answer(request);
            finish();
            return outcome;
        } catch (Refusal e) {
            refuse(e.status(), e.reason());
        } catch (HttpException | ConnectionClosedException | MalformedChunkCodingException e) {
            if (upload && in.ended()) {
                listener.failed(
                        channel.info(), "the client went away before the file was complete: " + excerpt(Why.of(e)));
            } else {
                refuse(400, (upload ? "the body is not valid HTTP: " : "this is not HTTP: ") + excerpt(Why.of(e)));
            }
        } catch (IOException e) {
            listener.failed(channel.info(), Why.of(e));
        }
        return upload ? Outcome.REFUSED_UPLOAD : Outcome.REFUSED;
    }

    private Outcome store(Upload upload) throws Refusal, IOException {
        long start = System.nanoTime();
        try (IncomingFile file = store.begin(upload.name(), upload.length())) {
            if (upload.expectsContinue()) {
                out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            // Not closed: closing would read on to the end of the body, however long that is.
            InputStream body = upload.body(buffer, in);
            byte[] bytes = new byte[Http.CHUNK];
            for (int count = body.read(bytes); count >= 0; count = body.read(bytes)) {
                file.write(bytes, count);
            }
            if (upload.length().isPresent() && upload.length().getAsLong() != file.length()) {
                throw new Refusal(
                        422,
                        "'" + upload.name().value() + "' should have "
                                + upload.length().getAsLong() + " bytes and has " + file.length()
                                + "; nothing was kept");
            }
            Optional<Sha256> expected = upload.checksumAfter(body);
            Sha256 checksum = file.commit(expected);
            long nanos = System.nanoTime() - start;
            listener.stored(channel.info(), upload.name(), file.length(), nanos, checksum, expected.isPresent());
            Json json = Json.object()
                    .put("name", upload.name().value())
                    .put("bytes", file.length())
                    .put("sha256", checksum.toString());
            Http.writeResponse(out, 201, Map.of(), "application/json", Carrier.describe(json, channel.info()) + "\n");
            return Outcome.STORED;
        }
    }

    private Outcome answer(ClassicHttpRequest request) throws Refusal, IOException {
        String method = request.getMethod().toUpperCase(Locale.ROOT);
        if (!method.equals("GET") && !method.equals("HEAD")) {
            throw new Refusal(
                    405,
                    "method " + Why.oneLine(method) + " is not known here: PUT stores a file, GET / says what this is");
        }
        if (!"/".equals(request.getPath())) {
            throw new Refusal(404, "files are only received here, not given out");
        }
        String text = """
                smc4j %s file server
                Send a file: smc4j send FILE HOST:PORT, or curl -T FILE http://HOST:PORT/
                This connection: %s%s
                """.formatted(Version.number(), Carrier.text(channel.info()), Carrier.because(channel.info()));
        listener.answered(channel.info());
        Http.writeResponse(out, 200, Map.of(), "text/plain", method.equals("HEAD") ? "" : text);
        return Outcome.ANSWERED;
    }

    private static void checkVersion(ClassicHttpRequest request) throws Refusal {
        var version = request.getVersion();
        if (version != null && version.getMajor() != 1) {
            throw new Refusal(505, version + " is not spoken here, only HTTP/1.1");
        }
        if (HttpVersion.HTTP_1_1.equals(version) && !request.containsHeader(HttpHeaders.HOST)) {
            throw new Refusal(400, "the request has no Host header");
        }
    }

    /** The library quotes what it could not parse, which may be long and is not worth it. */
    private static String excerpt(String words) {
        return words.length() <= LONGEST_EXCERPT ? words : words.substring(0, LONGEST_EXCERPT) + "...";
    }

    private void refuse(int status, String reason) {
        listener.refused(channel.info(), status, reason);
        try {
            Map<String, String> headers = status == 405 ? Map.of("Allow", "GET, HEAD, PUT") : Map.of();
            Http.writeResponse(out, status, headers, "text/plain", reason + "\n");
            finish();
        } catch (IOException _) {
            // The refusal is logged; whether the client still heard it does not matter.
        }
    }

    /** Ends the output and reads what still comes: closing with unread input would take the response back as an abort. */
    private void finish() {
        byte[] discarded = new byte[8 * 1024];
        try {
            channel.shutdownOutput();
            long total = 0;
            for (int count = 0; count >= 0 && total <= MOST_DISCARDED; count = in.read(discarded)) {
                total += count;
            }
        } catch (IOException e) {
            LOG.debug("{} did not wait for the end: {}", channel.info().remote(), Why.of(e));
        }
    }
}
