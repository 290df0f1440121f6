package io.smc4j.cli.echo;

import com.typesafe.config.Config;
import io.smc4j.BindOptions;
import io.smc4j.SmcChannel;
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
import io.smc4j.cli.output.Carrier;
import io.smc4j.cli.output.Json;
import io.smc4j.cli.stream.AcceptLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code smc4j echo-server}. */
@Command(
        name = "echo-server",
        header = "Send every byte back, to smc4j ping or to any TCP client.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  smc4j echo-server --port 7609",
            "  echo hello | nc -N 127.0.0.1 7609          (from a TCP client)",
        })
public final class EchoServerCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(EchoServerCommand.class);
    private static final int MOST_CONNECTIONS = 1024;

    private final CliContext context;

    @Mixin
    private ListenOptions listen = new ListenOptions();

    @Mixin
    private TransportOptions transport = new TransportOptions();

    @Option(names = "--once", description = "End after the first connection.")
    private boolean once;

    public EchoServerCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws CliFailure, InterruptedException {
        Config config = context.load(transport.settings());
        try (Node node = context.nodes().open(config);
                Cleanup cleanup = new Cleanup("echo-server", node::close);
                SmcServerChannel server =
                        listen.listen(node, BindOptions.defaults().withTransport(transport.transport(config)))) {
            String address = text(server.localAddress());
            Json event = Json.object()
                    .put("event", "listening")
                    .put("host", server.localAddress().getAddress().getHostAddress())
                    .put("port", server.localAddress().getPort());
            context.result(event, "listening on " + address);
            new AcceptLoop(server, MOST_CONNECTIONS, "echo").run(channel -> {
                serve(channel);
                return once;
            });
            return ExitCode.OK;
        } catch (SmcException e) {
            throw CliFailure.failed("the echo server stopped: " + Why.of(e), e);
        }
    }

    private void serve(SmcChannel channel) {
        String client = text(channel.info().remote());
        Json connected = Json.object().put("event", "connected").put("client", client);
        context.result(
                Carrier.describe(connected, channel.info()),
                client + " connected over " + Carrier.text(channel.info()) + Carrier.because(channel.info()));
        try (channel) {
            long bytes = Echo.run(channel);
            Json closed =
                    Json.object().put("event", "closed").put("client", client).put("bytes", bytes);
            context.result(closed, client + " closed after " + bytes + " bytes");
        } catch (IOException e) {
            LOG.warn("connection from {} ended: {}", client, Why.of(e));
        }
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress() == null
                ? address.toString()
                : address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
