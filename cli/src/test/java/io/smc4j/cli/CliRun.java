package io.smc4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smc4j.cli.command.CliContext;
import io.smc4j.cli.command.GlobalOptions;
import io.smc4j.cli.node.NodeFactory;
import io.smc4j.cli.node.TcpNode;
import io.smc4j.cli.output.Json;
import io.smc4j.cli.output.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One run of the command inside the test's JVM. */
public final class CliRun implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
    private final Thread thread;

    private CliRun(NodeFactory nodes, String... arguments) {
        CliContext context = new CliContext(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Terminal.none(),
                new GlobalOptions(),
                nodes,
                StandInMain.class);
        thread = Thread.ofPlatform().daemon().start(() -> {
            try {
                exitCode.complete(Main.run(context, arguments));
            } catch (Throwable e) {
                exitCode.completeExceptionally(e);
            }
        });
    }

    /** Starts it over the TCP stand-in. */
    public static CliRun start(String... arguments) {
        return new CliRun(_ -> new TcpNode(), arguments);
    }

    /** Starts it and waits for its end. */
    public static CliRun of(String... arguments) throws Exception {
        CliRun run = start(arguments);
        run.exitCode();
        return run;
    }

    public int exitCode() throws Exception {
        return exitCode.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    public List<String> out() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    public List<String> err() {
        return err.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** The last line of the output, which must be a JSON object. */
    public Json json() {
        return Json.parse(out().getLast());
    }

    /** Waits until the command, started with {@code --json}, says where it listens. */
    public int port() {
        await().atMost(LIMIT).until(() -> !out().isEmpty() || exitCode.isDone());
        assertThat(out()).as("output, with errors %s", err()).isNotEmpty();
        return Json.parse(out().getFirst()).number("port").orElseThrow().intValue();
    }

    /** Waits until a line of the output contains {@code text}. */
    public void awaitOut(String text) {
        await().atMost(LIMIT).until(() -> out().stream().anyMatch(line -> line.contains(text)));
    }

    /** Ends a server as an interrupt of its thread. */
    @Override
    public void close() throws Exception {
        thread.interrupt();
        thread.join(LIMIT);
    }
}
