package io.smc4j.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** The example messages of the specification: one line each in {@code golden.txt}, name, length, hex. */
public final class Golden {
    private Golden() {}

    /** One example; its bytes are the caller's own copy. */
    public record Example(String name, byte[] bytes) {
        static Example parse(String line) {
            String[] words = line.split(" ");
            byte[] bytes = HexFormat.of().parseHex(words[2]);
            if (bytes.length != Integer.parseInt(words[1])) {
                throw new IllegalStateException(words[0] + " has " + bytes.length + " bytes");
            }
            return new Example(words[0], bytes);
        }

        public ByteBuffer buffer() {
            return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    public static List<Example> examples() {
        try (InputStream in = Objects.requireNonNull(Golden.class.getResourceAsStream("/golden.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(Example::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] bytes(String name) {
        return examples().stream()
                .filter(example -> example.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no example " + name))
                .bytes();
    }
}
