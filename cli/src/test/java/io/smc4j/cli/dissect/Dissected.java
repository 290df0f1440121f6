package io.smc4j.cli.dissect;

import com.fasterxml.jackson.jr.ob.JSON;
import io.smc4j.cli.command.CliContext;
import io.smc4j.cli.command.CommandLines;
import io.smc4j.cli.command.GlobalOptions;
import io.smc4j.cli.output.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One run of {@code smc4j dissect} inside the test's JVM. */
record Dissected(int exitCode, List<String> out, List<String> err) {
    /** Runs it with nothing on standard input. */
    static Dissected run(String... arguments) {
        return run(new byte[0], arguments);
    }

    static Dissected run(byte[] standardInput, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        CliContext context = new CliContext(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Terminal.none(),
                new GlobalOptions(),
                _ -> {
                    throw new AssertionError("dissecting needs no node");
                },
                Dissected.class);
        Object command = new DissectCommand(context, new ByteArrayInputStream(standardInput));
        String[] line = new String[arguments.length + 1];
        line[0] = "dissect";
        System.arraycopy(arguments, 0, line, 1, arguments.length);
        int exitCode = CommandLines.create(context, List.of(command)).execute(line);
        return new Dissected(
                exitCode,
                out.toString(StandardCharsets.UTF_8).lines().toList(),
                err.toString(StandardCharsets.UTF_8).lines().toList());
    }

    /** A capture given on standard input. */
    static Dissected capture(byte[] capture, String... options) {
        String[] arguments = Arrays.copyOf(options, options.length + 1);
        arguments[options.length] = "-";
        return run(capture, arguments);
    }

    /** The path of a capture among the test resources. */
    static String file(String name) {
        try {
            return Path.of(Objects.requireNonNull(Dissected.class.getResource("/captures/" + name), name)
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The output as JSON objects. */
    List<Map<String, Object>> objects() {
        return out.stream().map(Dissected::parse).toList();
    }

    private static Map<String, Object> parse(String line) {
        try {
            return JSON.std.mapFrom(line);
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        }
    }

    String text() {
        return String.join("\n", out);
    }
}
