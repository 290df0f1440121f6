package io.smc4j.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.smc4j.BindOptions;
import io.smc4j.ConnectOptions;
import io.smc4j.Smc;
import io.smc4j.SmcChannel;
import io.smc4j.SmcServerChannel;
import io.smc4j.TransportPreference;
import io.smc4j.actors.node.ActorDecorator;
import io.smc4j.actors.node.ActorSetup;
import io.smc4j.testkit.ResourceLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.awaitility.Awaitility;

/**
 * A server node with a listener and a client node, in this JVM, with shared memory of their own and all their native resources in
 * a ledger. Closing it shuts both down and fails if anything is left.
 */
final class TestNodes implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    final Path sharedMemory;
    final ResourceLedger ledger = new ResourceLedger();
    final FailingActors failing = new FailingActors();
    final ActorSystem<Void> serverSystem;
    final ActorSystem<Void> clientSystem;
    final Smc server;
    final Smc client;
    final SmcServerChannel listener;

    private TestNodes(Path sharedMemory, String serverSettings, String clientSettings) throws Exception {
        this.sharedMemory = sharedMemory;
        this.serverSystem = system("server", serverSettings);
        this.clientSystem = system("client", clientSettings);
        this.server = Smc.get(serverSystem);
        this.client = Smc.get(clientSystem);
        this.listener = await(server.listen(anyPort(), BindOptions.defaults().withBacklog(512)));
        await(server.portControl()); // both nodes have opened their devices
        await(client.portControl());
    }

    static TestNodes start(String... settings) throws Exception {
        String all = String.join("\n", settings);
        return startDifferent(all, all);
    }

    static TestNodes startDifferent(String serverSettings, String clientSettings) throws Exception {
        return new TestNodes(newSharedMemory(), serverSettings, clientSettings);
    }

    static Path newSharedMemory() throws IOException {
        return Files.createTempDirectory(Path.of("/dev/shm"), "smc4j-test-");
    }

    static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    static Config config(Path sharedMemory, String settings) {
        return ConfigFactory.parseString("smc4j.shared-memory-directory = \"" + sharedMemory + "\"\n"
                        + "pekko.log-dead-letters = off\npekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off\n"
                        + settings)
                .withFallback(ConfigFactory.load());
    }

    private ActorSystem<Void> system(String name, String settings) {
        return ActorSystem.create(
                Behaviors.empty(),
                name,
                ActorSystemSetup.create(
                        BootstrapSetup.create(config(sharedMemory, settings)),
                        ledger.setup(name),
                        new ActorSetup(name.equals("server") ? failing : ActorDecorator.NONE)));
    }

    /** A connected pair of channels: the client's end and the server's end. */
    record Ends(SmcChannel client, SmcChannel server) {}

    Ends connect(TransportPreference transport) throws Exception {
        SmcChannel near = await(client.connect(listener.localAddress(), options(transport)));
        return new Ends(near, await(listener.accept()));
    }

    /** Until both ends see that many active links, and no others. */
    static void awaitLinks(Ends ends, int count) {
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            for (SmcChannel end : List.of(ends.client(), ends.server())) {
                assertThat(end.info().linkGroup().orElseThrow().links())
                        .hasSize(count)
                        .allSatisfy(link -> assertThat(link.state()).isEqualTo("ACTIVE"));
            }
        });
    }

    static ConnectOptions options(TransportPreference transport) {
        return ConnectOptions.defaults().withTransport(transport);
    }

    static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Lines of the actor trees of both nodes in which a name begins with {@code start}. */
    List<String> actors(String start) {
        return Stream.of(serverSystem, clientSystem)
                .flatMap(system -> ((ExtendedActorSystem) Adapter.toClassic(system))
                        .printTree()
                        .lines())
                .filter(line ->
                        line.contains("-> " + start) || line.contains("-" + start) || line.contains(" " + start))
                .toList();
    }

    /** Files in the shared directory, relative to it. */
    List<String> files() {
        return files(sharedMemory);
    }

    static List<String> files(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString())
                    .sorted()
                    .toList();
        } catch (UncheckedIOException | IOException e) {
            return List.of("changing: " + e.getMessage());
        }
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    @Override
    public void close() throws Exception {
        try {
            await(client.shutdown());
            await(server.shutdown());
            clientSystem.terminate();
            serverSystem.terminate();
            await(clientSystem.getWhenTerminated());
            await(serverSystem.getWhenTerminated());
            ledger.assertNothingOpen(Duration.ofSeconds(5));
            org.awaitility.Awaitility.await()
                    .atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(files()).isEmpty());
        } finally {
            delete(sharedMemory);
        }
    }
}
