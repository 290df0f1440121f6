package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.smc4j.actors.connection.Connection;
import io.smc4j.actors.datapath.WaitSettings;
import io.smc4j.actors.group.GroupNotice;
import io.smc4j.actors.group.GroupSpec;
import io.smc4j.actors.group.JoinReply;
import io.smc4j.actors.group.JoinRequest;
import io.smc4j.actors.group.LinkGroup;
import io.smc4j.actors.group.LocalOffer;
import io.smc4j.actors.group.SmcrLinkGroup;
import io.smc4j.actors.node.ActorDecorator;
import io.smc4j.actors.node.MemoryBudget;
import io.smc4j.actors.node.NodeContext;
import io.smc4j.actors.node.NodeIdentity;
import io.smc4j.actors.node.RdmaContext;
import io.smc4j.actors.queue.CompletionQueueOwner;
import io.smc4j.actors.queue.DeviceContext;
import io.smc4j.actors.queue.DeviceListener;
import io.smc4j.actors.queue.OwnerSettings;
import io.smc4j.actors.queue.Reaper;
import io.smc4j.config.SmcSettings;
import io.smc4j.protocol.BufferSizeClass;
import io.smc4j.protocol.Eid;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.MacAddress;
import io.smc4j.protocol.PathMtu;
import io.smc4j.protocol.PeerId;
import io.smc4j.protocol.SmcVersion;
import io.smc4j.protocol.clc.SmcrEndpoint;
import io.smc4j.protocol.lifecycle.connection.AbortCause;
import io.smc4j.protocol.lifecycle.group.GroupRole;
import io.smc4j.protocol.lifecycle.group.LocalPort;
import io.smc4j.protocol.llc.AddLinkRkey;
import io.smc4j.protocol.llc.LlcAddLink;
import io.smc4j.protocol.llc.LlcConfirmLink;
import io.smc4j.protocol.llc.LlcConfirmRkey;
import io.smc4j.protocol.llc.LlcDeleteRkey;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.awaitility.Awaitility;

/**
 * One side of SMC-R as it is in production, from the link group down to the owner of the completion queue, on devices whose other
 * end is the test; handshakes are probes, time and blocking calls are the test's to let go.
 */
final class BenchA implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final PeerId PEER = new PeerId(0x0007020000000099L);
    static final MacAddress PEER_MAC = new MacAddress(0x020000000099L);
    static final int FIRST_PEER_QP = 0x700;

    final ActorTestKit kit;
    final ManualTime time;
    final AtomicLong now = new AtomicLong();
    final GateA blocking = new GateA();
    final MemoryBudget budget = new MemoryBudget(1 << 30);
    final List<FakeRdmaA> devices = new ArrayList<>();
    final List<GroupNotice> notices = new CopyOnWriteArrayList<>();
    final NodeContext node;

    BenchA() throws Exception {
        this(1, 2, "", ActorDecorator.NONE);
    }

    BenchA(int devices, int ports, String settings, ActorDecorator actors) throws Exception {
        Config config = ManualTime.config()
                .withFallback(ConfigFactory.parseString(settings))
                .withFallback(ConfigFactory.parseString("""
                        pekko.log-dead-letters = off
                        pekko.actor.testkit.typed.single-expect-default = 20 s
                        smc4j.smc-r.buffer-size = 16 KiB
                        smc4j.llc.test-link-interval = 0
                        """))
                .withFallback(ConfigFactory.load());
        kit = ActorTestKit.create("bench", config);
        time = ManualTime.get(kit.system());
        List<RdmaContext> rdma = new ArrayList<>();
        for (int i = 0; i < devices; i++) {
            FakeRdmaA device = new FakeRdmaA("fake" + i, i + 1, ports);
            this.devices.add(device);
            rdma.add(start(device));
        }
        node = new NodeContext(
                SmcSettings.from(config),
                new NodeIdentity(new PeerId(0x0001020000000001L), "bench", List.of(new Eid("SMC4J"))),
                rdma,
                Optional.empty(),
                budget,
                new WaitSettings(0, 1),
                blocking,
                now::get,
                actors,
                new AtomicInteger(),
                kit.spawn(Reaper.create(blocking)));
    }

    private RdmaContext start(FakeRdmaA device) throws Exception {
        CompletableFuture<RdmaContext> started = new CompletableFuture<>();
        kit.spawn(Behaviors.<Object>setup(context -> {
            DeviceContext opened = DeviceContext.open(device, 1000);
            CompletionQueueOwner.Spawned owner = CompletionQueueOwner.spawn(
                    context,
                    "owner",
                    DispatcherSelector.fromConfig(SmcSettings.COMPLETION_QUEUE_DISPATCHER),
                    opened,
                    new OwnerSettings(8, 0, 0, Duration.ofMillis(50)),
                    new DeviceListener() {
                        @Override
                        public void portDown(int port) {}

                        @Override
                        public void portUp(int port) {}

                        @Override
                        public void deviceFatal(String reason) {}
                    },
                    now::get,
                    behavior -> behavior);
            started.complete(new RdmaContext(opened, owner.handle()));
            return Behaviors.empty();
        }));
        return started.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    FakeRdmaA device() {
        return devices.getFirst();
    }

    /** The queue pair made as the {@code n}th, from 0, as soon as it is there. */
    FakeQpA qp(int n) {
        until(() -> assertThat(device().queuePairs).hasSizeGreaterThan(n));
        return device().queuePairs.get(n);
    }

    void advance(Duration by) {
        now.addAndGet(by.toNanos());
        time.timePasses(by);
    }

    static void until(org.awaitility.core.ThrowingRunnable condition) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .atMost(PATIENCE)
                .untilAsserted(condition);
    }

    ActorRef<LinkGroup.Command> group(GroupRole role, int maxLinks) {
        return group(SmcVersion.V2_1, role, maxLinks);
    }

    ActorRef<LinkGroup.Command> group(SmcVersion version, GroupRole role, int maxLinks) {
        return kit.spawn(SmcrLinkGroup.create(
                new GroupSpec(node, role, 0x100, version, new GroupSpec.Limits(maxLinks, 16), notices::add)));
    }

    <N extends GroupNotice> void awaitNotice(Class<N> type) {
        until(() -> assertThat(notices).hasAtLeastOneElementOfType(type));
    }

    void awaitStopped(ActorRef<?> actor) {
        kit.createTestProbe().expectTerminated(actor, PATIENCE);
    }

    /** Nothing that belongs to link groups is left, and nothing was used after it was freed. */
    void assertNothingLeft() {
        until(() -> {
            for (FakeRdmaA device : devices) {
                assertThat(device.violations).isEmpty();
                assertThat(device.openQueuePairs()).as("queue pairs").isZero();
                assertThat(device.openRegions()).as("memory registrations").isZero();
            }
            assertThat(budget.used()).as("bytes of buffers").isZero();
        });
    }

    // ---- handshakes ----

    /** How often the group left the registry. */
    long unlisted() {
        return notices.stream().filter(GroupNotice.Unlisted.class::isInstance).count();
    }

    /** The connection ends, and its RMB is withdrawn from the peer. */
    void end(Listed listed) throws Exception {
        listed.actor().tell(new Connection.Kill(AbortCause.APPLICATION_ABORT, "the test ends it"));
        listed.link1().receive(listed.link1().expect(LlcDeleteRkey.class).answer(List.of()));
    }

    /** A handshake as the link group sees it. */
    record Handshake(TestProbe<JoinReply> probe) {
        <R extends JoinReply> R expect(Class<R> type) {
            return probe.expectMessageClass(type, PATIENCE);
        }
    }

    static JoinRequest.Addresses addresses() {
        return new JoinRequest.Addresses(new InetSocketAddress("127.0.0.1", 1), new InetSocketAddress("127.0.0.1", 2));
    }

    static Gid peerGid(int port) {
        return new Gid(0xfe80L << 48 | 0x99, port);
    }

    Handshake join(ActorRef<LinkGroup.Command> group, JoinRequest request) {
        TestProbe<JoinReply> probe = kit.createTestProbe(JoinReply.class);
        group.tell(new LinkGroup.Join(request, probe.getRef()));
        return new Handshake(probe);
    }

    Handshake joinServer(ActorRef<LinkGroup.Command> group) {
        return join(group, new JoinRequest.SmcrServer(addresses(), peerGid(1), true));
    }

    Handshake joinClient(ActorRef<LinkGroup.Command> group, boolean first, int token) {
        return join(group, new JoinRequest.SmcrClient(addresses(), first, peerEnd(token), true));
    }

    /** The peer's end of a connection, on its first link. */
    static SmcrEndpoint peerEnd(int token) {
        return new SmcrEndpoint(
                PEER,
                peerGid(1),
                PEER_MAC,
                FIRST_PEER_QP,
                1000 + token,
                1,
                token,
                BufferSizeClass.atLeast(16 * 1024),
                PathMtu.M1024,
                0x10000L * token,
                1);
    }

    // ---- flows that go well ----

    /** A listed group and its first connection. */
    record Listed(
            ActorRef<LinkGroup.Command> group,
            FakeQpA link1,
            long connection,
            ActorRef<Connection.Command> actor,
            SmcrEndpoint offer) {}

    Listed listedServer(int maxLinks) throws Exception {
        ActorRef<LinkGroup.Command> group = group(GroupRole.SERVER, maxLinks);
        Handshake handshake = joinServer(group);
        JoinReply.Offered offered = handshake.expect(JoinReply.Offered.class);
        group.tell(new LinkGroup.PeerSmcr(offered.connection(), peerEnd(1)));
        FakeQpA link = qp(0);
        link.receive(confirmLink(true, link.expect(LlcConfirmLink.class).linkNumber(), FIRST_PEER_QP, peerGid(1)));
        return listed(group, link, offered, handshake);
    }

    Listed listedClient(int maxLinks) throws Exception {
        ActorRef<LinkGroup.Command> group = group(GroupRole.CLIENT, maxLinks);
        Handshake handshake = joinClient(group, true, 1);
        JoinReply.Offered offered = handshake.expect(JoinReply.Offered.class);
        group.tell(new LinkGroup.ConfirmSent(offered.connection()));
        FakeQpA link = qp(0);
        link.receive(confirmLink(false, 1, FIRST_PEER_QP, peerGid(1)));
        link.expect(LlcConfirmLink.class);
        return listed(group, link, offered, handshake);
    }

    Listed listed(ActorRef<LinkGroup.Command> group, FakeQpA link, JoinReply.Offered offered, Handshake handshake) {
        ActorRef<Connection.Command> actor =
                handshake.expect(JoinReply.Connected.class).connection();
        awaitNotice(GroupNotice.Listed.class);
        return new Listed(group, link, offered.connection(), actor, ((LocalOffer.Smcr) offered.offer()).endpoint());
    }

    static LlcConfirmLink confirmLink(boolean response, int number, int qp, Gid gid) {
        return new LlcConfirmLink(
                2, response, LlcConfirmLink.NO_EYECATCHERS, PEER_MAC, gid, qp, number, 0x200 + number, 2, 16);
    }

    /** What the RMBs of {@link #peerEnd} are called on the next link: without that no connection can be moved there. */
    private static List<AddLinkRkey> rkeysOnNewLink() {
        return IntStream.range(1, 10)
                .mapToObj(token -> new AddLinkRkey(1000 + token, 2000 + token, 0x10000L * token))
                .toList();
    }

    /** The peer's ADD LINK: request of a server or answer of a client; its queue pair is {@code FIRST_PEER_QP + number}. */
    static LlcAddLink addLink(boolean response, int number, int peerPort) {
        return new LlcAddLink(
                2,
                response,
                false,
                0,
                PEER_MAC,
                peerGid(peerPort),
                FIRST_PEER_QP + number,
                number,
                Optional.of(PathMtu.M1024),
                1,
                Optional.of(LlcAddLink.Extension.of(true, peerGid(peerPort), rkeysOnNewLink())));
    }

    /** The second link of a server's group: it asks, the peer agrees. */
    FakeQpA secondLink(Listed server) throws Exception {
        int number = server.link1().expect(LlcAddLink.class).linkNumber();
        FakeQpA second = qp(1);
        server.link1().receive(addLink(true, number, 2));
        assertThat(second.expect(LlcConfirmLink.class).linkNumber()).isEqualTo(number);
        second.receive(confirmLink(true, number, FIRST_PEER_QP + number, peerGid(2)));
        until(() -> assertThat(notices.getLast())
                .isInstanceOfSatisfying(
                        GroupNotice.Reachable.class,
                        reachable -> assertThat(reachable.peerQpNumbers()).hasSize(2)));
        return second;
    }

    /** The second link of a client's group: the peer asks, and it agrees. */
    FakeQpA secondLinkOfClient(Listed client) throws Exception {
        client.link1().receive(addLink(false, 2, 2));
        assertThat(client.link1().expect(LlcAddLink.class).rejected()).isFalse();
        FakeQpA second = qp(1);
        second.receive(confirmLink(false, 2, FIRST_PEER_QP + 2, peerGid(2)));
        second.expect(LlcConfirmLink.class);
        return second;
    }

    /** Another connection of a listed group: its rkey is confirmed on {@code link}. */
    JoinReply.Offered offered(Handshake handshake, FakeQpA link) throws Exception {
        link.receive(link.expect(LlcConfirmRkey.class).answer(true));
        return handshake.expect(JoinReply.Offered.class);
    }

    /** The group has taken all that was received on the link so far, and sent nothing because of it. */
    void everythingHeard(FakeQpA link) throws Exception {
        link.receive(LlcConfirmRkey.request(2, 0x7777, 0x7777, List.of()));
        assertThat(link.next())
                .isInstanceOfSatisfying(
                        LlcConfirmRkey.class,
                        answer -> assertThat(answer.rkey()).isEqualTo(0x7777));
    }

    void portDown(ActorRef<LinkGroup.Command> group, int port) {
        group.tell(new LinkGroup.PortChanged(new LocalPort(device().name(), port), false));
    }

    @Override
    public void close() {
        blocking.open();
        kit.shutdownTestKit();
    }
}
