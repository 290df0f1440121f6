package io.smc4j.races;

import com.typesafe.config.ConfigFactory;
import io.smc4j.BindOptions;
import io.smc4j.ConnectOptions;
import io.smc4j.Smc;
import io.smc4j.SmcChannel;
import io.smc4j.SmcServerChannel;
import io.smc4j.TransportPreference;
import io.smc4j.testkit.ResourceLedger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** A server's and a client's node as users have them, with all native resources in a ledger. */
final class NodesA implements AutoCloseable {
    private final Path sharedMemory;
    private final ResourceLedger ledger = new ResourceLedger();
    private final ActorSystem<Void> serverSystem;
    private final ActorSystem<Void> clientSystem;
    final Smc server;
    final Smc client;
    final SmcServerChannel listener;

    NodesA(String serverSettings, String clientSettings) throws Exception {
        sharedMemory = Files.createTempDirectory(Path.of("/dev/shm"), "smc4j-test-");
        serverSystem = system("server", serverSettings);
        clientSystem = system("client", clientSettings);
        server = Smc.get(serverSystem);
        client = Smc.get(clientSystem);
        listener = await(server.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                BindOptions.defaults().withBacklog(200)));
    }

    private ActorSystem<Void> system(String name, String settings) {
        var config = ConfigFactory.parseString("smc4j.shared-memory-directory = \"" + sharedMemory + "\"\n"
                        + "pekko.log-dead-letters = off\npekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off\n"
                        + "smc4j.negotiation.recognition-timeout = 50 ms\n" + settings)
                .withFallback(ConfigFactory.load());
        return ActorSystem.create(
                Behaviors.empty(), name, ActorSystemSetup.create(BootstrapSetup.create(config), ledger.setup(name)));
    }

    static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    CompletableFuture<SmcChannel> connecting(TransportPreference transport) {
        return client.connect(listener.localAddress(), ConnectOptions.defaults().withTransport(transport))
                .toCompletableFuture();
    }

    /** Both ends of a connection. */
    record Ends(SmcChannel near, SmcChannel far) {
        void close() throws Exception {
            near.close();
            far.close();
            await(near.terminated());
            await(far.terminated());
        }

        void exchange(String text) throws Exception {
            pass(near, far, text);
            pass(far, near, text);
        }

        private static void pass(SmcChannel from, SmcChannel to, String text) throws Exception {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            from.write(ByteBuffer.wrap(bytes));
            ByteBuffer target = ByteBuffer.allocate(bytes.length);
            while (target.hasRemaining() && to.read(target) >= 0) {
                // until all is there
            }
            if (!new String(target.array(), 0, target.position(), StandardCharsets.US_ASCII).equals(text)) {
                throw new AssertionError("other bytes than were sent");
            }
        }
    }

    Ends connect(TransportPreference transport) throws Exception {
        SmcChannel near = await(connecting(transport));
        return new Ends(near, await(listener.accept()));
    }

    List<String> serversActors(String start) {
        return actors(serverSystem, start);
    }

    List<String> clientsActors(String start) {
        return actors(clientSystem, start);
    }

    private static List<String> actors(ActorSystem<Void> system, String start) {
        return ((ExtendedActorSystem) Adapter.toClassic(system))
                .printTree()
                .lines()
                .filter(line -> line.contains("-" + start) || line.contains(" " + start))
                .toList();
    }

    void assertNoLinkGroupResources() throws Exception {
        ledger.assertNoLinkGroupResources(Duration.ofSeconds(20));
    }

    @Override
    public void close() throws Exception {
        await(client.shutdown());
        await(server.shutdown());
        clientSystem.terminate();
        serverSystem.terminate();
        await(clientSystem.getWhenTerminated());
        await(serverSystem.getWhenTerminated());
        ledger.assertNothingOpen(Duration.ofSeconds(10));
        try (Stream<Path> all = Files.walk(sharedMemory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
