package io.smc4j.cli.transfer;

import io.smc4j.cli.command.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageHeaders;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpRequestParser;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.message.BasicLineParser;

/** The bounds of the HTTP/1.1 that {@code serve} and {@code send} speak; parsing is Apache HttpCore's. */
final class Http {
    /** Length of the file, for progress and a look at the free space, where the body's framing does not say it. */
    static final String FILE_LENGTH = "X-File-Length";

    /** Bytes of one chunk of a body, and of the buffers that move it. */
    static final int CHUNK = 256 * 1024;

    private static final int HEAD_BUFFER = 16 * 1024;
    private static final int LONGEST_LINE = 8 * 1024;
    private static final int MOST_HEADERS = 64;

    static final Http1Config CONFIG = Http1Config.custom()
            .setBufferSize(HEAD_BUFFER)
            .setMaxLineLength(LONGEST_LINE)
            .setMaxHeaderCount(MOST_HEADERS)
            .setMaxEmptyLineCount(2)
            .build();

    private Http() {}

    static SessionInputBuffer inputBuffer() {
        return new SessionInputBufferImpl(HEAD_BUFFER, LONGEST_LINE);
    }

    /** @throws HttpException if the bytes are no request head within the bounds */
    static ClassicHttpRequest readRequest(SessionInputBuffer buffer, InputStream in) throws IOException, HttpException {
        return new DefaultHttpRequestParser(BasicLineParser.INSTANCE, null, CONFIG).parse(buffer, in);
    }

    /** @throws HttpException if the bytes are no response head within the bounds */
    static ClassicHttpResponse readResponse(SessionInputBuffer buffer, InputStream in)
            throws IOException, HttpException {
        return new DefaultHttpResponseParser(BasicLineParser.INSTANCE, null, CONFIG).parse(buffer, in);
    }

    /** Writes a whole response, after which the connection ends. */
    static void writeResponse(OutputStream out, int status, Map<String, String> headers, String type, String body)
            throws IOException {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(reason(status))
                .append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Server: smc4j/").append(Version.number()).append("\r\n");
        head.append("Content-Type: ").append(type).append("; charset=utf-8\r\n");
        head.append("Content-Length: ").append(content.length).append("\r\n");
        head.append("Connection: close\r\n\r\n");
        byte[] start = head.toString().getBytes(StandardCharsets.US_ASCII);
        byte[] whole = new byte[start.length + content.length];
        System.arraycopy(start, 0, whole, 0, start.length);
        System.arraycopy(content, 0, whole, start.length, content.length);
        out.write(whole);
    }

    /** The one value of a header. @throws ProtocolException if it is there more than once */
    static Optional<String> header(MessageHeaders message, String name) throws ProtocolException {
        Header header = message.getHeader(name);
        return header == null
                ? Optional.empty()
                : Optional.ofNullable(header.getValue()).map(String::strip);
    }

    static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 201 -> "Created";
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 409 -> "Conflict";
            case 411 -> "Length Required";
            case 417 -> "Expectation Failed";
            case 422 -> "Unprocessable Content";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 505 -> "HTTP Version Not Supported";
            case 507 -> "Insufficient Storage";
            default -> "Unknown";
        };
    }
}
