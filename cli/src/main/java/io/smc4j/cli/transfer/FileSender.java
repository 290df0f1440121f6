package io.smc4j.cli.transfer;

import io.smc4j.SmcChannel;
import io.smc4j.cli.command.HostPort;
import io.smc4j.cli.command.Version;
import io.smc4j.cli.failure.CliFailure;
import io.smc4j.cli.failure.Why;
import io.smc4j.cli.output.Json;
import io.smc4j.cli.stream.ChannelInput;
import io.smc4j.cli.stream.ChannelOutput;
import io.smc4j.cli.stream.IdleGuard;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.impl.io.ChunkedOutputStream;
import org.apache.hc.core5.http.impl.io.ContentLengthInputStream;
import org.apache.hc.core5.http.impl.io.SessionOutputBufferImpl;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.message.BasicHeader;
import org.jspecify.annotations.Nullable;

/**
 * Sends one file as a {@code PUT} with a chunked body, so that the checksum, computed on the way, can follow in the trailer and
 * the file is read once.
 */
final class FileSender {
    /** What was sent, and how long it took from the go-ahead to the answer. */
    record Sent(long bytes, long nanos, Sha256 checksum) {}

    private static final int HEADER_BUFFER = 4 * 1024;
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);
    private static final int NONE = 0;

    private final HostPort server;
    private final ChannelInput in;
    private final ChannelOutput out;
    private final SessionInputBuffer buffer = Http.inputBuffer();

    FileSender(HostPort server, SmcChannel channel, IdleGuard guard) {
        this.server = server;
        this.in = new ChannelInput(channel, guard);
        this.out = new ChannelOutput(channel, guard);
    }

    /**
     * Sends and waits for the server's word that it has stored the same bytes.
     *
     * @param length bytes the file had when it was opened
     * @param progress told the bytes sent so far
     * @throws CliFailure if it could not be sent, or something else arrived
     */
    Sent send(FileName name, InputStream file, long length, LongConsumer progress)
            throws CliFailure, InterruptedException {
        try {
            out.write(head(name, length).getBytes(StandardCharsets.US_ASCII));
            accepted(Http.readResponse(buffer, in), 100);
            long start = System.nanoTime();
            // Read while sending: a server whose disk is full says so before it has the whole file.
            FutureTask<ClassicHttpResponse> answer = new FutureTask<>(() -> Http.readResponse(buffer, in));
            Thread.ofPlatform().daemon().name("answer").start(answer);
            Sha256 checksum = sendBody(file, length, answer, progress);
            ClassicHttpResponse stored = accepted(answer.get(), 201);
            compare(Json.parse(body(stored)), length, checksum);
            return new Sent(length, System.nanoTime() - start, checksum);
        } catch (HttpException | IllegalArgumentException e) {
            throw noFileServer(e);
        } catch (IOException e) {
            throw lost(e);
        } catch (ExecutionException e) {
            throw switch (Why.unwrap(e)) {
                case IOException cause -> lost(cause);
                case Throwable cause -> noFileServer(cause);
            };
        }
    }

    private CliFailure noFileServer(Throwable cause) {
        return CliFailure.failed(
                server + " does not answer as a file server: " + Why.of(cause) + "; is it smc4j serve?", cause);
    }

    private CliFailure lost(IOException cause) {
        return CliFailure.failed(
                "the connection to " + server + " was lost while sending: " + Why.of(cause)
                        + "; the server keeps nothing. Send it again",
                cause);
    }

    private String head(FileName name, long length) {
        return "PUT " + name.toTarget() + " HTTP/1.1\r\nHost: " + server + "\r\nUser-Agent: smc4j/" + Version.number()
                + "\r\nTransfer-Encoding: chunked\r\nTrailer: " + Sha256.FIELD + "\r\n" + Http.FILE_LENGTH + ": "
                + length
                + "\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n";
    }

    /** @param answer the server's, which ends the sending when it comes before the end */
    private Sha256 sendBody(InputStream file, long length, Future<ClassicHttpResponse> answer, LongConsumer progress)
            throws CliFailure, IOException, HttpException, InterruptedException {
        MessageDigest digest = Sha256.start();
        AtomicReference<String> trailer = new AtomicReference<>("");
        // Not closed: closing would end the body as if it were complete, whatever happened.
        ChunkedOutputStream body = new ChunkedOutputStream(
                new SessionOutputBufferImpl(HEADER_BUFFER),
                out,
                new byte[Http.CHUNK],
                () -> List.of(new BasicHeader(Sha256.FIELD, trailer.get())));
        byte[] bytes = new byte[Http.CHUNK];
        long sent = 0;
        for (int count = read(file, bytes); count >= 0; count = read(file, bytes)) {
            digest.update(bytes, 0, count);
            try {
                body.write(bytes, 0, count);
            } catch (IOException e) {
                throw early(answer, LAST_WORDS).orElse(e);
            }
            Optional<IOException> refusal = early(answer, Duration.ZERO);
            if (refusal.isPresent()) {
                throw refusal.get();
            }
            sent += count;
            progress.accept(sent);
        }
        if (sent != length) {
            throw CliFailure.failed("the file changed while it was sent: it had " + length + " bytes, " + sent
                    + " were read; the server keeps nothing. Send it again");
        }
        Sha256 result = Sha256.finish(digest);
        trailer.set(result.toField());
        body.finish();
        body.flush();
        return result;
    }

    /** An answer that comes before the end of the body can only be a refusal. @return the connection's failure if it had one */
    private Optional<IOException> early(Future<ClassicHttpResponse> answer, Duration limit)
            throws CliFailure, IOException, HttpException, InterruptedException {
        try {
            if (answer.isDone() || !limit.isZero()) {
                accepted(answer.get(limit.toMillis(), TimeUnit.MILLISECONDS), NONE);
            }
            return Optional.empty();
        } catch (TimeoutException _) {
            return Optional.empty();
        } catch (ExecutionException e) {
            return Why.unwrap(e) instanceof IOException cause ? Optional.of(cause) : Optional.empty();
        }
    }

    private static int read(InputStream file, byte[] bytes) throws CliFailure {
        try {
            return file.read(bytes);
        } catch (IOException e) {
            throw CliFailure.failed("cannot read the file to its end: " + Why.of(e) + "; the server keeps nothing", e);
        }
    }

    /** @throws CliFailure with the server's words if the response is not of that status */
    private ClassicHttpResponse accepted(@Nullable ClassicHttpResponse response, int status)
            throws CliFailure, IOException, HttpException {
        if (response == null) {
            throw new ConnectionClosedException("the server closed the connection without an answer");
        }
        if (response.getCode() != status) {
            String words = Why.oneLine(body(response));
            throw CliFailure.failed(server + " refused the file: " + response.getCode() + " "
                    + Http.reason(response.getCode()) + (words.isEmpty() ? "" : ": " + words));
        }
        return response;
    }

    private String body(ClassicHttpResponse response) throws IOException, HttpException {
        String length = Http.header(response, HttpHeaders.CONTENT_LENGTH).orElse("0");
        if (!length.matches("[0-9]{1,5}")) {
            throw new ProtocolException("an answer of '" + length + "' bytes");
        }
        byte[] content = new ContentLengthInputStream(buffer, in, Long.parseLong(length)).readAllBytes();
        return new String(content, StandardCharsets.UTF_8);
    }

    private static void compare(Json answer, long bytes, Sha256 checksum) throws CliFailure {
        long arrived = answer.number("bytes").map(Number::longValue).orElse(-1L);
        String theirs = answer.text("sha256").orElse("none");
        if (arrived != bytes || !theirs.equals(checksum.toString())) {
            throw CliFailure.failed(
                    "the server stored something else: " + arrived + " bytes with SHA-256 " + Why.oneLine(theirs)
                            + " instead of " + bytes + " bytes with " + checksum + "; do not use what it stored");
        }
    }
}
