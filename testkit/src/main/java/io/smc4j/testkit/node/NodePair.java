package io.smc4j.testkit.node;

import io.smc4j.BindOptions;
import io.smc4j.ConnectOptions;
import io.smc4j.SmcChannel;
import io.smc4j.SmcServerChannel;
import io.smc4j.TransportPreference;
import io.smc4j.testkit.ResourceLedger;
import io.smc4j.testkit.faults.FaultLog;
import io.smc4j.testkit.time.TestClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A client node and a server node in this JVM, with faulty devices, one ledger, one log of faults and one clock. Closing it calls all
 * faults off, shuts both down, and fails if anything is left: a native resource, or a file in shared memory. Thread-safe.
 */
public final class NodePair implements AutoCloseable {
    private static final Duration TIME_TO_FREE = Duration.ofSeconds(5);

    private final TestNode.World world;
    private final TestNode server;
    private final TestNode client;

    private NodePair(TestNode.World world, TestNode server, TestNode client) {
        this.world = world;
        this.server = server;
        this.client = client;
    }

    /** Starts both with the same settings, lines of configuration. */
    public static NodePair start(TestClock clock, String... settings) throws InterruptedException {
        return start(clock, List.of(settings), List.of(settings));
    }

    /** Starts both with settings of their own. */
    public static NodePair start(TestClock clock, List<String> serverSettings, List<String> clientSettings)
            throws InterruptedException {
        TestNode.World world = new TestNode.World(newSharedMemory(), new ResourceLedger(), new FaultLog(clock), clock);
        TestNode server = null;
        NodePair pair = null;
        try {
            server = TestNode.start("server", world, serverSettings.toArray(String[]::new));
            pair = new NodePair(world, server, TestNode.start("client", world, clientSettings.toArray(String[]::new)));
            return pair;
        } finally {
            if (pair == null) {
                if (server != null) {
                    server.close();
                }
                delete(world.sharedMemory());
            }
        }
    }

    public TestNode server() {
        return server;
    }

    public TestNode client() {
        return client;
    }

    public ResourceLedger ledger() {
        return world.ledger();
    }

    public FaultLog log() {
        return world.log();
    }

    public TestClock clock() {
        return world.clock();
    }

    /** What another node needs to talk to these. */
    public TestNode.World world() {
        return world;
    }

    /**
     * Both ends of a connection.
     *
     * @param client the end that connected
     * @param server the end that was accepted
     */
    public record Ends(SmcChannel client, SmcChannel server) {}

    /** The server listens on a free port of the loopback address. */
    public SmcServerChannel listen() throws InterruptedException {
        return TestNode.await(server.smc()
                .listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        BindOptions.defaults().withBacklog(512)));
    }

    /** The client connects to a listener of the server, and the server accepts. */
    public Ends connect(SmcServerChannel listener, TransportPreference transport) throws InterruptedException {
        SmcChannel near = TestNode.await(client.smc()
                .connect(listener.localAddress(), ConnectOptions.defaults().withTransport(transport)));
        return new Ends(near, TestNode.await(listener.accept()));
    }

    /** What is known of both, for the message of a failed test. */
    public String evidence() {
        return String.join(
                "\n",
                world.clock().toString(),
                world.log().toString(),
                world.ledger().summary(),
                client.evidence(),
                server.evidence());
    }

    /** Files in the shared memory, relative to its directory. */
    public List<String> files() {
        try (Stream<Path> all = Files.walk(world.sharedMemory())) {
            return all.filter(Files::isRegularFile)
                    .map(file -> world.sharedMemory().relativize(file).toString())
                    .sorted()
                    .toList();
        } catch (UncheckedIOException | IOException e) {
            return List.of("changing: " + e.getMessage());
        }
    }

    @Override
    public void close() throws InterruptedException {
        client.heal();
        server.heal();
        try {
            try {
                client.close();
            } finally {
                server.close();
            }
            world.ledger().assertNothingOpen(TIME_TO_FREE);
            List<String> left = files();
            if (!left.isEmpty()) {
                throw new AssertionError("files were left in shared memory: " + left);
            }
        } finally {
            delete(world.sharedMemory());
        }
    }

    /** A new directory for the shared memory of nodes: in memory if the system has such a place. */
    public static Path newSharedMemory() {
        Path memory = Path.of("/dev/shm");
        try {
            return Files.isWritable(memory)
                    ? Files.createTempDirectory(memory, "smc4j-test-")
                    : Files.createTempDirectory("smc4j-test-");
        } catch (IOException e) {
            throw new UncheckedIOException("no directory for shared memory: " + e.getMessage(), e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not delete " + directory + ": " + e.getMessage(), e);
        }
    }
}
