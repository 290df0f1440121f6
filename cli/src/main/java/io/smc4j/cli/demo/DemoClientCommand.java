package io.smc4j.cli.demo;

import com.typesafe.config.Config;
import io.smc4j.ConnectOptions;
import io.smc4j.ConnectionInfo;
import io.smc4j.SmcException;
import io.smc4j.cli.command.Cleanup;
import io.smc4j.cli.command.CliContext;
import io.smc4j.cli.command.TransportOptions;
import io.smc4j.cli.failure.CliFailure;
import io.smc4j.cli.failure.ExitCode;
import io.smc4j.cli.failure.Why;
import io.smc4j.cli.node.Node;
import io.smc4j.cli.output.Carrier;
import io.smc4j.cli.output.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The client process of {@code smc4j demo}: one connection, round trips, the file, and the end. */
@Command(name = "demo-client", hidden = true)
public final class DemoClientCommand implements Callable<Integer> {
    private final CliContext context;
    private final ParentLink parent;

    @Mixin
    private TransportOptions transport = new TransportOptions();

    @Option(names = "--plain", description = "Without smc4j: a plain java.nio client.")
    private boolean plain;

    @Option(names = "--port", required = true)
    private int port;

    @Option(names = "--file", required = true)
    private Path file = Path.of("");

    @Option(names = "--take-port-down", description = "Half way through the file.")
    private boolean takePortDown;

    public DemoClientCommand(CliContext context) {
        this.context = context;
        this.parent = new ParentLink(context.out());
    }

    @Override
    public Integer call() throws CliFailure, InterruptedException {
        parent.endWithParent();
        InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (FileSource source = new FileSource(file)) {
            if (plain) {
                SocketChannel socket = SocketChannel.open(server);
                socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
                try (End end = new End.Plain(socket)) {
                    run(end, source, _ -> {});
                }
            } else {
                runSmc(server, source);
            }
            return ExitCode.OK;
        } catch (IOException e) {
            throw CliFailure.failed(Why.of(e), e);
        }
    }

    private void runSmc(InetSocketAddress server, FileSource source)
            throws CliFailure, InterruptedException, IOException {
        Config config = context.load(transport.settings());
        ConnectOptions options = ConnectOptions.defaults().withTransport(transport.transport(config));
        try (Node node = context.nodes().open(config);
                Cleanup cleanup = new Cleanup("demo-client", node::close);
                End end = new End.Smc(node.connect(server, options))) {
            run(
                    end,
                    source,
                    takePortDown
                            ? DyingLink.prepare(
                                    node, end, DemoTraffic.rounds(source.length()) * source.length(), parent)
                            : _ -> {});
        } catch (SmcException e) {
            throw CliFailure.failed(Why.of(e), e);
        }
    }

    private void run(End end, FileSource source, LongConsumer everyPiece) throws IOException {
        describe("connected", end);
        DemoTraffic traffic = new DemoTraffic(end, source, parent);
        traffic.roundTrips();
        traffic.file(everyPiece);
        describe("after", end);
        end.shutdownOutput();
        if (end.channel().read(ByteBuffer.allocate(1)) >= 0) {
            throw new IOException("the server sent more than was asked for");
        }
    }

    private void describe(String event, End end) {
        Json json = Json.object().put("event", event);
        ConnectionInfo info = end.info().orElse(null);
        parent.send(info == null ? json : Carrier.describe(json, info));
    }
}
