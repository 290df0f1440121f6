package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.smc4j.SmcException;
import io.smc4j.actors.datapath.EndpointListener;
import io.smc4j.actors.datapath.SmcdDoorbell;
import io.smc4j.actors.datapath.SmcdEndpoint;
import io.smc4j.actors.datapath.WaitSettings;
import io.smc4j.actors.queue.QueueCounters.Counter;
import io.smc4j.protocol.cdc.CdcFlags;
import io.smc4j.rdma.DeviceOptions;
import io.smc4j.rdma.Dmb;
import io.smc4j.rdma.IsmDevice;
import io.smc4j.rdma.IsmGid;
import io.smc4j.rdma.RemoteDmb;
import io.smc4j.rdma.ism.IsmSharedMemoryProvider;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SMC-D endpoints over two real emulated ISM devices with running owners. */
@Timeout(120)
class IsmEndToEndTest {
    /** A device with its owner and one endpoint. */
    private static final class Node {
        final IsmDevice device;
        final IsmOwner.Spawned owner;
        final List<Integer> flags = Collections.synchronizedList(new ArrayList<>());
        final List<String> violations = Collections.synchronizedList(new ArrayList<>());
        final List<IsmGid> gone = Collections.synchronizedList(new ArrayList<>());
        final SmcdDoorbell doorbell = new SmcdDoorbell();
        final Dmb dmb;

        Node(ActorTestKit kit, Path directory, String name, int size) throws Exception {
            device = new IsmSharedMemoryProvider().open(new DeviceOptions(directory, 1));
            CompletableFuture<IsmOwner.Spawned> spawned = new CompletableFuture<>();
            kit.spawn(
                    Behaviors.setup(actor -> {
                        spawned.complete(IsmOwner.spawn(
                                actor,
                                "owner",
                                DispatcherSelector.fromConfig("pinned"),
                                device,
                                OwnerSettings.defaults(),
                                (peer, reason) -> gone.add(peer),
                                System::nanoTime,
                                behavior -> behavior));
                        return Behaviors.empty();
                    }),
                    name);
            owner = spawned.get(10, TimeUnit.SECONDS);
            dmb = device.register(size, doorbell);
        }
    }

    /** An endpoint between the two nodes. */
    private record End(Node node, SmcdEndpoint endpoint, RemoteDmb remote) {}

    private final ActorTestKit kit = ActorTestKit.create(
            "ism", ConfigFactory.parseString(SoftSide.CONFIG).withFallback(ConfigFactory.load()));
    private final List<End> ends = new ArrayList<>();
    private Path directory = Path.of("/dev/shm");

    @BeforeEach
    void open() throws Exception {
        directory = Files.createTempDirectory(Path.of("/dev/shm"), "smc4j-queue-");
    }

    private void connect(int size, WaitSettings waiting) throws Exception {
        Node a = new Node(kit, directory, "a", size);
        Node b = new Node(kit, directory, "b", size);
        ends.add(end(a, b, size, waiting));
        ends.add(end(b, a, size, waiting));
    }

    private End end(Node here, Node there, int size, WaitSettings waiting) throws Exception {
        RemoteDmb remote = here.device.attach(there.device.gid(), there.dmb.token(), size);
        SmcdEndpoint endpoint = new SmcdEndpoint(
                here.dmb,
                remote,
                new EndpointListener() {
                    @Override
                    public void peerStateFlags(int stateFlags) {
                        here.flags.add(stateFlags);
                    }

                    @Override
                    public void drained() {}

                    @Override
                    public void violation(String what) {
                        here.violations.add(what);
                    }
                },
                waiting);
        long before = here.owner.handle().counters().get(QueueCounters.Counter.COMMANDS);
        here.owner.handle().tell(new IsmCommand.Attach(endpoint, here.doorbell));
        Awaitility.await().until(() -> here.owner.handle().counters().get(QueueCounters.Counter.COMMANDS) > before);
        return new End(here, endpoint, remote);
    }

    @AfterEach
    void close() throws Exception {
        for (End end : ends) {
            TestProbe<IsmCommand.Detached> probe = kit.createTestProbe();
            end.node.owner.handle().tell(new IsmCommand.Detach(end.endpoint, probe.getRef()));
            probe.receiveMessage();
            end.remote.close();
            end.node.dmb.close();
        }
        for (End end : ends) {
            TestProbe<Object> probe = kit.createTestProbe();
            end.node.owner.handle().tell(new IsmCommand.Stop());
            probe.expectTerminated(end.node.owner.ref(), Duration.ofSeconds(10));
        }
        kit.shutdownTestKit();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        }
    }

    @ParameterizedTest
    @CsvSource({"16384,0,false", "16384,0,true", "65536,400,false", "1048576,50,true"})
    void shouldDeliverEveryByteBothWays(int size, int spins, boolean virtual) throws Exception {
        connect(size, new WaitSettings(spins, 10));
        long seed = Long.getLong("smc4j.test.seed", new SplittableRandom().nextLong());
        long total = 20_000_000;
        try (ExecutorService threads =
                virtual ? Executors.newVirtualThreadPerTaskExecutor() : Executors.newCachedThreadPool()) {
            SmcdEndpoint a = ends.get(0).endpoint;
            SmcdEndpoint b = ends.get(1).endpoint;
            List<Future<Long>> all = List.of(
                    threads.submit(() -> SoftRdmaEndToEndTest.write(a, total, seed, 9000)),
                    threads.submit(() -> SoftRdmaEndToEndTest.read(b, total, seed + 1, 9000)),
                    threads.submit(() -> SoftRdmaEndToEndTest.write(b, total / 4, seed + 2, 900)),
                    threads.submit(() -> SoftRdmaEndToEndTest.read(a, total / 4, seed + 3, 9000)));
            for (Future<Long> each : all) {
                each.get(60, TimeUnit.SECONDS);
            }
        } catch (Exception e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    @Test
    void shouldTellBothEndsOfEachOthersFlagsWithoutApplicationThreads() throws Exception {
        connect(16384, WaitSettings.defaults());
        ends.get(0).endpoint.tryWrite(MemorySegment.ofArray(new byte[100]), 0, 100);
        ends.get(0).endpoint.sendStateFlags(CdcFlags.CLOSED);
        Awaitility.await().until(() -> ends.get(1).node.flags.contains(CdcFlags.CLOSED));
        ends.get(1).endpoint.sendStateFlags(CdcFlags.ABORT);
        Awaitility.await().until(() -> ends.get(0).node.flags.contains(CdcFlags.ABORT));
    }

    @Test
    void shouldNotAllocateNorTellForEachMessage() throws Exception {
        connect(65536, new WaitSettings(100, 20));
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (ExecutorService executor = Executors.newCachedThreadPool()) {
            for (int round = 0; ; round++) {
                long commands = ends.get(0).node.owner.handle().counters().get(Counter.COMMANDS);
                long before = threads.getTotalThreadAllocatedBytes();
                Future<?> echo =
                        executor.submit(() -> SoftRdmaEndToEndTest.pingPong(ends.get(1).endpoint, 20_000, false));
                SoftRdmaEndToEndTest.pingPong(ends.get(0).endpoint, 20_000, true);
                echo.get(60, TimeUnit.SECONDS);
                long perMessage = (threads.getTotalThreadAllocatedBytes() - before) / 40_000;
                assertThat(ends.get(0).node.owner.handle().counters().get(Counter.COMMANDS))
                        .isEqualTo(commands);
                // The two arrays for the results are 8 bytes a message; compilation settles after some rounds.
                if (perMessage <= 16) {
                    return;
                }
                assertThat(round)
                        .as("rounds, with %s bytes a message", perMessage)
                        .isLessThan(15);
            }
        }
    }

    @Test
    void shouldNotTouchTheDmbOnceDetachedWhileApplicationThreadsGoOn() throws Exception {
        connect(65536, new WaitSettings(0, 1));
        SmcdEndpoint a = ends.get(0).endpoint;
        SmcdEndpoint b = ends.get(1).endpoint;
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<Long>> all = List.of(
                    threads.submit(() -> SoftRdmaEndToEndTest.write(a, Long.MAX_VALUE, 1, 30_000)),
                    threads.submit(() -> SoftRdmaEndToEndTest.read(b, Long.MAX_VALUE, 2, 30_000)),
                    threads.submit(() -> SoftRdmaEndToEndTest.write(b, Long.MAX_VALUE, 3, 30_000)),
                    threads.submit(() -> SoftRdmaEndToEndTest.read(a, Long.MAX_VALUE, 4, 30_000)));
            Awaitility.await().until(() -> a.bytesRead() > 1_000_000);
            a.sendStateFlags(CdcFlags.ABORT);
            Awaitility.await().until(() -> ends.get(1).node.flags.contains(CdcFlags.ABORT));
            // The flags are the last thing written: the peer may reuse its DMB now.
            MemorySegment dmb = ends.get(1).node.dmb.memory();
            byte[] before = dmb.toArray(ValueLayout.JAVA_BYTE);
            b.fail(new SmcException(SmcException.Category.RECONNECT, "test"));
            a.fail(new SmcException(SmcException.Category.RECONNECT, "test"));
            for (Future<Long> each : all) {
                assertThatThrownBy(() -> each.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(SmcException.class);
            }
            assertThat(dmb.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(before);
        }
    }
}
