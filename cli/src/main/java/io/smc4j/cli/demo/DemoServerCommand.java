package io.smc4j.cli.demo;

import com.typesafe.config.Config;
import io.smc4j.BindOptions;
import io.smc4j.SmcException;
import io.smc4j.SmcServerChannel;
import io.smc4j.cli.command.Cleanup;
import io.smc4j.cli.command.CliContext;
import io.smc4j.cli.command.TransportOptions;
import io.smc4j.cli.failure.CliFailure;
import io.smc4j.cli.failure.ExitCode;
import io.smc4j.cli.failure.Why;
import io.smc4j.cli.node.Node;
import io.smc4j.cli.output.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The server process of {@code smc4j demo}: serves one connection and ends. */
@Command(name = "demo-server", hidden = true)
public final class DemoServerCommand implements Callable<Integer> {
    private final CliContext context;
    private final ParentLink parent;

    @Mixin
    private TransportOptions transport = new TransportOptions();

    @Option(names = "--plain", description = "Without smc4j: a plain java.nio server.")
    private boolean plain;

    public DemoServerCommand(CliContext context) {
        this.context = context;
        this.parent = new ParentLink(context.out());
    }

    @Override
    public Integer call() throws CliFailure, InterruptedException {
        parent.endWithParent();
        InetSocketAddress local = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try {
            if (plain) {
                servePlain(local);
            } else {
                serveSmc(local);
            }
            return ExitCode.OK;
        } catch (IOException e) {
            throw CliFailure.failed(Why.of(e), e);
        }
    }

    private void servePlain(InetSocketAddress local) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(local)) {
            announce((InetSocketAddress) server.getLocalAddress());
            SocketChannel accepted = server.accept();
            accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
            serve(new End.Plain(accepted));
        }
    }

    private void serveSmc(InetSocketAddress local) throws CliFailure, InterruptedException, IOException {
        Config config = context.load(transport.settings());
        BindOptions options = BindOptions.defaults().withTransport(transport.transport(config));
        try (Node node = context.nodes().open(config);
                Cleanup cleanup = new Cleanup("demo-server", node::close);
                SmcServerChannel server = node.listen(local, options)) {
            announce(server.localAddress());
            serve(new End.Smc(server.acceptBlocking()));
        } catch (SmcException e) {
            throw CliFailure.failed(Why.of(e), e);
        }
    }

    private void announce(InetSocketAddress address) {
        parent.send(Json.object().put("event", "listening").put("port", address.getPort()));
    }

    private void serve(End end) throws IOException {
        try (end;
                DemoPeer peer = new DemoPeer(end.channel())) {
            long bytes = peer.serve();
            end.shutdownOutput();
            parent.send(Json.object().put("event", "served").put("bytes", bytes));
        }
    }
}
