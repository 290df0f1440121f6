package io.smc4j.cli.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.impl.io.ChunkedInputStream;
import org.apache.hc.core5.http.impl.io.ContentLengthInputStream;
import org.apache.hc.core5.http.io.SessionInputBuffer;

/**
 * What the head of a {@code PUT} says about its body.
 *
 * @param name the file's name
 * @param chunked whether the body comes in chunks with a trailer; else it has {@code length} bytes
 * @param length bytes of the file, if the client said it
 * @param checksum the checksum, if it came in the head
 * @param expectsContinue whether the client waits for a go-ahead
 */
record Upload(FileName name, boolean chunked, OptionalLong length, Optional<Sha256> checksum, boolean expectsContinue) {

    /** @throws Refusal if the head is not one of a body this server takes */
    static Upload of(ClassicHttpRequest request) throws Refusal {
        try {
            Optional<String> coding = Http.header(request, HttpHeaders.TRANSFER_ENCODING);
            Optional<String> contentLength = Http.header(request, HttpHeaders.CONTENT_LENGTH);
            if (coding.isPresent() && contentLength.isPresent()) {
                throw new Refusal(400, "the request has both Transfer-Encoding and Content-Length");
            }
            if (coding.isPresent() && !coding.get().equalsIgnoreCase("chunked")) {
                throw new Refusal(501, "transfer encoding '" + coding.get() + "' is not known here, only chunked");
            }
            if (coding.isEmpty() && contentLength.isEmpty()) {
                throw new Refusal(411, "the request does not say how long its body is");
            }
            if (request.containsHeader(HttpHeaders.CONTENT_ENCODING)
                    || request.containsHeader(HttpHeaders.CONTENT_RANGE)) {
                throw new Refusal(501, "encoded or partial content is not stored");
            }
            OptionalLong length = number(coding.isPresent() ? Http.header(request, Http.FILE_LENGTH) : contentLength);
            return new Upload(
                    FileName.fromTarget(request.getPath() == null ? "" : request.getPath()),
                    coding.isPresent(),
                    length,
                    checksum(Http.header(request, Sha256.FIELD)),
                    expectation(Http.header(request, HttpHeaders.EXPECT)));
        } catch (ProtocolException e) {
            throw new Refusal(400, "a header appears more than once: " + e.getMessage(), e);
        }
    }

    /** The stream of the body. */
    InputStream body(SessionInputBuffer buffer, InputStream in) {
        return chunked
                ? new ChunkedInputStream(buffer, in, Http.CONFIG)
                : new ContentLengthInputStream(buffer, in, length.orElse(0));
    }

    /** The checksum to hold the file against, from the head or the trailer of the body that was read to its end. */
    Optional<Sha256> checksumAfter(InputStream body) throws Refusal, IOException {
        if (checksum.isPresent() || !(body instanceof ChunkedInputStream chunks)) {
            return checksum;
        }
        for (Header field : chunks.getFooters()) {
            if (field.getName().equalsIgnoreCase(Sha256.FIELD)) {
                return checksum(Optional.ofNullable(field.getValue()));
            }
        }
        return Optional.empty();
    }

    private static boolean expectation(Optional<String> expect) throws Refusal {
        if (expect.isPresent() && !expect.get().equalsIgnoreCase("100-continue")) {
            throw new Refusal(417, "expectation '" + expect.get() + "' is not known here");
        }
        return expect.isPresent();
    }

    private static Optional<Sha256> checksum(Optional<String> field) throws Refusal {
        if (field.isEmpty()) {
            return Optional.empty();
        }
        Optional<Sha256> parsed = Sha256.fromField(field.get());
        if (parsed.isEmpty()) {
            throw new Refusal(400, Sha256.FIELD + " '" + field.get() + "' is not of the form sha-256=:BASE64:");
        }
        return parsed;
    }

    private static OptionalLong number(Optional<String> value) throws Refusal {
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!value.get().matches("[0-9]{1,18}")) {
            throw new Refusal(400, "'" + value.get() + "' is not a length");
        }
        return OptionalLong.of(Long.parseLong(value.get()));
    }
}
