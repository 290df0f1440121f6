package io.smc4j.samples;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smc4j.ConnectOptions;
import io.smc4j.Smc;
import io.smc4j.SmcChannel;
import io.smc4j.SmcServerChannel;
import io.smc4j.TransportPreference;
import io.smc4j.actors.node.ActorKind;
import io.smc4j.actors.node.ActorSetup;
import io.smc4j.actors.node.DeviceSetup;
import io.smc4j.rdma.PortState;
import io.smc4j.rdma.RdmaException;
import io.smc4j.testkit.ResourceLedger;
import io.smc4j.testkit.faults.ActorFault;
import io.smc4j.testkit.faults.Fault;
import io.smc4j.testkit.faults.FaultDirector;
import io.smc4j.testkit.faults.FaultKind;
import io.smc4j.testkit.faults.FaultLog;
import io.smc4j.testkit.faults.FaultPlan;
import io.smc4j.testkit.faults.FaultRates;
import io.smc4j.testkit.faults.FaultyDevices;
import io.smc4j.testkit.faults.LateWrite;
import io.smc4j.testkit.faults.Point;
import io.smc4j.testkit.junit.Client;
import io.smc4j.testkit.junit.Server;
import io.smc4j.testkit.junit.SmcTest;
import io.smc4j.testkit.node.NodePair;
import io.smc4j.testkit.time.TestClock;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;

/** The examples of docs/testkit.md: compiled and run here and in the other samples, and shown there in the same words. */
@SmcTest
class GuideSnippetsTest {
    private static final Path GUIDE = Path.of("../docs/testkit.md");
    private static final Path SAMPLES = Path.of("src/test/java/io/smc4j/samples");

    @Test
    void shouldStrikeByScript(NodePair pair, SmcServerChannel listener, @Client FaultyDevices devices)
            throws Exception {
        NodePair.Ends ends = pair.connect(listener, TransportPreference.SMC_R);
        Fault lost = devices.script().on(Point.POST_SEND).cdc().nth(2).drop();
        Fault slow = devices.script().on(Point.SENT).onPort(2).always().delay(ofMillis(5));
        Fault full = devices.script().on(Point.REGISTER).fail(RdmaException.Category.OUT_OF_RESOURCES);

        Fault held = devices.script().on(Point.POST_SEND).writes().hold();
        ends.client().write(ByteBuffer.wrap(new byte[] {1}));
        held.awaitStruck(ofSeconds(10)); // the byte has not left
        held.release();
        ends.server().read(ByteBuffer.allocate(1));

        assertThat(devices.log().count(FaultKind.SEND_DELAYED)).isEqualTo(1);
        assertThat(List.of(lost, slow, full))
                .allSatisfy(fault -> assertThat(fault.struck()).isBetween(0, 100));
    }

    @Test
    void shouldStrikeAtOnce(NodePair pair, SmcServerChannel listener, @Server FaultyDevices devices) throws Exception {
        NodePair.Ends ends = pair.connect(listener, TransportPreference.SMC_R);
        devices.rdma().setPortState(2, PortState.DOWN);
        devices.rdma().setPortState(2, PortState.ACTIVE);
        int number = devices.rdma().queuePairs().getFirst().number();
        devices.rdma().breakQueuePair(number);
        devices.rdma().remove("pulled out of its slot");
        devices.rdma().putBack();
        assertThat(ends.client()).isNotNull();
    }

    @Test
    void shouldStrikeBySeed(NodePair pair, SmcServerChannel listener, @Client FaultyDevices devices) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("faults: -Dseed=" + seed);
        FaultRates rates = FaultRates.none()
                .with(FaultKind.SEND_DELAYED, 0.01)
                .with(FaultKind.COMPLETION_DUPLICATED, 0.01)
                .withLongestDelay(ofMillis(10));
        devices.script().follow(FaultPlan.seeded(seed, rates));
        NodePair.Ends ends = pair.connect(listener, TransportPreference.SMC_R);
        ends.client().write(ByteBuffer.allocate(100_000));
        devices.script().follow(null);
    }

    @Test
    void shouldReplayALateWrite(
            NodePair pair, SmcServerChannel listener, @Client FaultyDevices client, @Server FaultyDevices server)
            throws Exception {
        NodePair.Ends ends = pair.connect(listener, TransportPreference.SMC_R);
        Fault captured = client.script().on(Point.POST_SEND).capture();
        ends.client().write(ByteBuffer.allocate(1000));
        captured.awaitStruck(ofSeconds(10));
        LateWrite write = captured.writes().getFirst();
        boolean letIn = write.arriveAt(server.rdma()); // false once the key is withdrawn
        assertThat(letIn).isTrue();
    }

    @Test
    void shouldDirectActors(@Client Smc smc, SmcServerChannel listener, @Client FaultDirector director, FaultLog log)
            throws Exception {
        ActorFault held =
                director.at(ActorKind.CLIENT_HANDSHAKE).message("Read").hold();
        CompletableFuture<SmcChannel> connecting = smc.connect(
                        listener.localAddress(), ConnectOptions.defaults().withTransport(TransportPreference.SMC_D))
                .toCompletableFuture();
        held.awaitStruck(ofSeconds(10)); // ACCEPT has arrived, and the handshake does not know it
        held.release();

        director.at(ActorKind.CONNECTION).message("CloseRequested").fail();
        assertThat(connecting.get(20, TimeUnit.SECONDS).isOpen()).isTrue();
        assertThat(log.total()).isEqualTo(1);
    }

    @Test
    @SmcTest(clock = SmcTest.Clock.STANDING)
    void shouldMoveTheClock(NodePair pair, SmcServerChannel listener, TestClock clock, ResourceLedger ledger)
            throws Exception {
        NodePair.Ends ends = pair.connect(listener, TransportPreference.SMC_D);
        ends.client().close();
        ends.server().close();
        ends.client().terminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
        ends.server().terminated().toCompletableFuture().get(20, TimeUnit.SECONDS);

        await().until(() -> {
            clock.advance(ofMinutes(11)); // the idle link groups end, once they have noticed that they are idle
            return ledger.count(ResourceLedger.Kind.DMB) == 0;
        });
        ledger.assertNoLinkGroupResources(ofSeconds(10));
    }

    @Test
    void shouldPutOneNodeTogetherByHand() throws Exception {
        Path sharedMemory = NodePair.newSharedMemory();
        var config = com.typesafe.config.ConfigFactory.parseString(
                        "smc4j.shared-memory-directory = \"" + sharedMemory + "\"")
                .withFallback(com.typesafe.config.ConfigFactory.load());
        FaultLog log = new FaultLog();
        ResourceLedger ledger = new ResourceLedger();
        FaultyDevices devices = new FaultyDevices("mine", log, System::nanoTime);
        FaultDirector director = new FaultDirector("mine", log);
        ActorSystem<Void> system = ActorSystem.create(
                Behaviors.empty(),
                "mine",
                ActorSystemSetup.create(
                        BootstrapSetup.create(config),
                        new DeviceSetup(devices.decorator(ledger.decorator("mine"))),
                        new ActorSetup(director.decorator(ledger.actors("mine")))));
        Smc.get(system).portControl().toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(devices.rdma().ports()).isNotEmpty();
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
        ledger.assertNothingOpen(ofSeconds(10));
        try (Stream<Path> all = Files.walk(sharedMemory)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void shouldShowWhatIsCompiledHere() throws Exception {
        StringBuilder sources = new StringBuilder();
        try (Stream<Path> files = Files.list(SAMPLES)) {
            for (Path file : files.sorted().toList()) {
                sources.append(Files.readString(file)).append('\n');
            }
        }
        String compiled = sources.toString().replaceAll("\\s+", "");
        Matcher blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(GUIDE));
        int count = 0;
        while (blocks.find()) {
            count++;
            String block = blocks.group(1);
            assertThat(compiled.contains(block.replaceAll("\\s+", "")))
                    .as("docs/testkit.md shows code that is compiled and run in %s:%n%s", SAMPLES, block)
                    .isTrue();
        }
        assertThat(count).isGreaterThan(5);
    }
}
