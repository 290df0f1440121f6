package io.smc4j.cli.dissect;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** The example messages of the specification. */
final class Examples {
    private Examples() {}

    static List<String> lines() {
        try (InputStream in = Objects.requireNonNull(Examples.class.getResourceAsStream("/golden.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(String name) {
        return lines().stream()
                .filter(line -> line.startsWith(name + " "))
                .findFirst()
                .map(line -> HexFormat.of().parseHex(line.split(" ")[2]))
                .orElseThrow();
    }
}
