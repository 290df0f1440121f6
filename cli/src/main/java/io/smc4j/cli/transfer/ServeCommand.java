package io.smc4j.cli.transfer;

import com.typesafe.config.Config;
import io.smc4j.BindOptions;
import io.smc4j.SmcException;
import io.smc4j.SmcServerChannel;
import io.smc4j.cli.command.Cleanup;
import io.smc4j.cli.command.CliContext;
import io.smc4j.cli.command.ListenOptions;
import io.smc4j.cli.command.TransportOptions;
import io.smc4j.cli.failure.CliFailure;
import io.smc4j.cli.failure.ExitCode;
import io.smc4j.cli.failure.Why;
import io.smc4j.cli.node.Node;
import io.smc4j.cli.output.Json;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code smc4j serve}. */
@Command(
        name = "serve",
        header = "Receive files and store them in a directory.",
        description = "Speaks a strict subset of HTTP/1.1, so TCP clients such as curl work too, by fallback.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  smc4j serve --dir /tmp/in",
            "  smc4j serve --port 0 --once --json",
            "  curl -T FILE http://127.0.0.1:7609/        (from a TCP client)"
        })
public final class ServeCommand implements Callable<Integer> {
    private final CliContext context;

    @Mixin
    private ListenOptions listen = new ListenOptions();

    @Mixin
    private TransportOptions transport = new TransportOptions();

    @Option(names = "--dir", paramLabel = "DIR", description = "Where files go. Default: the working directory.")
    private Path directory = Path.of("");

    @Option(names = "--overwrite", description = "Let a file replace one of the same name.")
    private boolean overwrite;

    @Option(names = "--once", description = "End after the first upload: exit code 0 if it succeeded, else 1.")
    private boolean once;

    @Option(
            names = "--idle-timeout",
            paramLabel = "SECONDS",
            description = "Give up on clients that are silent for so long. Default: ${DEFAULT-VALUE}.")
    private int idleSeconds = 30;

    public ServeCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws CliFailure, InterruptedException {
        if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
            throw CliFailure.usage("cannot store files in " + directory.toAbsolutePath() + ": "
                    + (Files.isDirectory(directory) ? "it is not writable" : "it is not a directory; create it first"));
        }
        if (idleSeconds < 1) {
            throw CliFailure.usage("--idle-timeout must be at least 1 second, not " + idleSeconds);
        }
        Config config = context.load(transport.settings());
        try (FileStore store = new FileStore(directory.toAbsolutePath().normalize(), overwrite);
                Node node = context.nodes().open(config);
                Cleanup cleanup = new Cleanup("serve", () -> {
                    store.close();
                    node.close();
                });
                SmcServerChannel server =
                        listen.listen(node, BindOptions.defaults().withTransport(transport.transport(config)));
                FileServer files = new FileServer(store, Duration.ofSeconds(idleSeconds), new ServeReport(context))) {
            store.removeLeftovers();
            announce(server.localAddress());
            boolean stored = files.run(server, once);
            return once && !stored ? ExitCode.FAILURE : ExitCode.OK;
        } catch (SmcException e) {
            throw CliFailure.failed("serving stopped: " + Why.of(e), e);
        }
    }

    private void announce(InetSocketAddress address) {
        Path shown = directory.toAbsolutePath().normalize();
        String host = address.getAddress().getHostAddress();
        context.result(
                Json.object()
                        .put("event", "listening")
                        .put("host", host)
                        .put("port", address.getPort())
                        .put("dir", shown.toString()),
                "listening on " + host + ":" + address.getPort() + ", storing into " + shown);
    }
}
