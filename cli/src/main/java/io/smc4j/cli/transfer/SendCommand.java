package io.smc4j.cli.transfer;

import com.typesafe.config.Config;
import io.smc4j.ConnectOptions;
import io.smc4j.ConnectionInfo;
import io.smc4j.SmcChannel;
import io.smc4j.cli.command.Cleanup;
import io.smc4j.cli.command.CliContext;
import io.smc4j.cli.command.ConnectAction;
import io.smc4j.cli.command.HostPort;
import io.smc4j.cli.command.TransportOptions;
import io.smc4j.cli.failure.CliFailure;
import io.smc4j.cli.failure.ExitCode;
import io.smc4j.cli.failure.Why;
import io.smc4j.cli.node.Node;
import io.smc4j.cli.output.Carrier;
import io.smc4j.cli.output.Json;
import io.smc4j.cli.output.Progress;
import io.smc4j.cli.output.Units;
import io.smc4j.cli.stream.Guards;
import io.smc4j.cli.stream.IdleGuard;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code smc4j send}. */
@Command(
        name = "send",
        header = "Send a file to smc4j serve and check that the same bytes arrived.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  smc4j send photo.jpg 127.0.0.1:7609",
            "  smc4j send --transport smc-r --as other.jpg photo.jpg 127.0.0.1:7609",
        })
public final class SendCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final CliContext context;

    @Parameters(index = "0", paramLabel = "FILE", description = "The file to send.")
    private Path file = Path.of("");

    @Parameters(
            index = "1",
            paramLabel = "HOST:PORT",
            description = "Where smc4j serve listens.",
            converter = HostPort.Converter.class)
    private HostPort server = new HostPort("", 0);

    @Mixin
    private TransportOptions transport = new TransportOptions();

    @Option(names = "--as", paramLabel = "NAME", description = "The name it gets there. Default: its own.")
    private @Nullable String name;

    public SendCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws CliFailure, InterruptedException {
        FileName target = target();
        Config config = context.load(transport.settings());
        try (FileChannel source = open()) {
            try (Node node = context.nodes().open(config);
                    Cleanup cleanup = new Cleanup("send", node::close);
                    Guards guards = new Guards(PATIENCE);
                    SmcChannel channel = ConnectAction.connect(
                            node, server, ConnectOptions.defaults().withTransport(transport.transport(config)));
                    IdleGuard guard = guards.watch(channel)) {
                report(send(target, source, channel, guard), target, channel.info());
            }
            return ExitCode.OK;
        } catch (IOException e) {
            throw CliFailure.failed("cannot read " + file + ": " + Why.of(e), e);
        }
    }

    private FileSender.Sent send(FileName target, FileChannel source, SmcChannel channel, IdleGuard guard)
            throws CliFailure, IOException, InterruptedException {
        long length = source.size();
        InputStream bytes = Channels.newInputStream(source);
        try (Progress bar = context.progress(target.value(), length)) {
            return new FileSender(server, channel, guard).send(target, bytes, length, bar::at);
        }
    }

    private FileName target() throws CliFailure {
        String asked = name;
        Path own = file.getFileName();
        try {
            return FileName.checked(asked != null ? asked : own == null ? "" : own.toString());
        } catch (Refusal e) {
            throw CliFailure.usage("cannot send " + file + ": " + e.reason() + "; give another name with --as", e);
        }
    }

    private FileChannel open() throws CliFailure {
        if (Files.isDirectory(file)) {
            throw CliFailure.usage("cannot send " + file + ": it is a directory; pack it into one file first");
        }
        try {
            return FileChannel.open(file, StandardOpenOption.READ);
        } catch (IOException e) {
            throw CliFailure.usage("cannot read " + file + ": " + Why.of(e), e);
        }
    }

    private void report(FileSender.Sent sent, FileName target, ConnectionInfo info) {
        double speed = Units.megabytesPerSecond(sent.bytes(), sent.nanos());
        Json json = Json.object()
                .put("file", file.toString())
                .put("name", target.value())
                .put("bytes", sent.bytes())
                .put("seconds", Units.round(sent.nanos() / 1e9, 6))
                .put("mbPerSecond", Units.round(speed, 1))
                .put("sha256", sent.checksum().toString())
                .put("sha256Match", true);
        String text = "sent %s: %s in %s (%.0f MB/s) over %s%n  sha256 %s%n  the server stored the same%s"
                .formatted(
                        file,
                        Units.bytes(sent.bytes()),
                        Units.seconds(sent.nanos()),
                        speed,
                        Carrier.text(info),
                        sent.checksum(),
                        Carrier.because(info));
        context.result(Carrier.describe(json, info), text);
    }
}
