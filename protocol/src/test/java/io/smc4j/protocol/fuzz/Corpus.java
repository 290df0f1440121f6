package io.smc4j.protocol.fuzz;

import io.smc4j.protocol.Golden;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The inputs that mutations start from: the specification's examples, and what is kept in {@code fuzz-corpus/<KIND>.hex}, a line
 * of hex each. Inputs that once broke something belong there, so that they are tried first for ever.
 */
final class Corpus {
    private Corpus() {}

    static List<byte[]> of(MessageKind kind) {
        List<byte[]> inputs = new ArrayList<>();
        Golden.examples().forEach(example -> inputs.add(example.bytes()));
        inputs.addAll(kept(kind));
        return inputs;
    }

    static List<byte[]> kept(MessageKind kind) {
        try (InputStream in = Corpus.class.getResourceAsStream("/fuzz-corpus/" + kind + ".hex")) {
            if (in == null) {
                return List.of();
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(HexFormat.of()::parseHex)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes an input to the build directory, in the format of the corpus, for a developer to look at and keep. */
    static void report(MessageKind kind, byte[] input) {
        try {
            Path directory = Files.createDirectories(Path.of("target", "fuzz"));
            Files.writeString(
                    directory.resolve(kind + ".hex"),
                    HexFormat.of().formatHex(input) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
