package io.smc4j;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Two nodes in this JVM that share memory in a directory of their own: a server with one listener, and a client. */
final class NodePair implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final ActorSystem<Void> serverSystem;
    final ActorSystem<Void> clientSystem;
    final Smc server;
    final Smc client;
    final SmcServerChannel listener;

    private NodePair(Config config, BindOptions bind) throws Exception {
        serverSystem = ActorSystem.create(Behaviors.empty(), "server", config);
        clientSystem = ActorSystem.create(Behaviors.empty(), "client", config);
        server = Smc.get(serverSystem);
        client = Smc.get(clientSystem);
        listener = await(server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), bind));
    }

    static NodePair start(Path sharedMemory, String... settings) throws Exception {
        return new NodePair(
                config(sharedMemory, settings), BindOptions.defaults().withBacklog(512));
    }

    static Config config(Path sharedMemory, String... settings) {
        String own = "smc4j.shared-memory-directory = \"" + sharedMemory + "\"\n" + "pekko.log-dead-letters = off\n"
                + String.join("\n", settings);
        return ConfigFactory.parseString(own).withFallback(ConfigFactory.load());
    }

    /** A connected pair of channels: the client's end and the server's end. */
    record Ends(SmcChannel client, SmcChannel server) {}

    Ends connect(TransportPreference transport) throws Exception {
        SmcChannel near = await(client.connect(
                listener.localAddress(), ConnectOptions.defaults().withTransport(transport)));
        SmcChannel far = await(listener.accept());
        return new Ends(near, far);
    }

    static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() throws Exception {
        await(client.shutdown());
        await(server.shutdown());
        clientSystem.terminate();
        serverSystem.terminate();
        await(clientSystem.getWhenTerminated());
        await(serverSystem.getWhenTerminated());
    }
}
