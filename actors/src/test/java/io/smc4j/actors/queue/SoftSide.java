package io.smc4j.actors.queue;

import io.smc4j.actors.datapath.EndpointListener;
import io.smc4j.actors.datapath.PeerRmbe;
import io.smc4j.actors.datapath.SendBuffer;
import io.smc4j.actors.datapath.SmcrEndpoint;
import io.smc4j.actors.datapath.WaitSettings;
import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.DeviceOptions;
import io.smc4j.rdma.MemoryRegion;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.RdmaDevice;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RtrAttributes;
import io.smc4j.rdma.RtsAttributes;
import io.smc4j.rdma.softrdma.SoftRdmaProvider;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** A softrdma device with a running owner, and connections over it: what the actors above do, by hand. */
final class SoftSide implements AutoCloseable {
    /** Configuration of the pinned dispatcher. */
    static final String CONFIG = """
            pinned { type = PinnedDispatcher, executor = "thread-pool-executor", throughput = 100 }
            pekko.actor.testkit.typed.single-expect-default = 10s
            """;

    /** One end of a connection. */
    static final class End {
        final SmcrEndpoint endpoint;
        final SendBuffer sendBuffer;
        final MemorySegment rmb;
        final MemoryRegion rmbRegion;
        final List<Integer> flags = Collections.synchronizedList(new ArrayList<>());
        final List<String> violations = Collections.synchronizedList(new ArrayList<>());
        final CountDownLatch drained = new CountDownLatch(1);

        End(SoftSide side, int token, int size, WaitSettings waiting) throws RdmaException {
            sendBuffer = new SendBuffer(side.arena.allocate(size, 64));
            rmb = side.arena.allocate(size, 64);
            MemoryRegion sendRegion = side.context.protectionDomain().register(sendBuffer.memory(), false);
            rmbRegion = side.context.protectionDomain().register(rmb, true);
            side.regions.add(sendRegion);
            side.regions.add(rmbRegion);
            sendBuffer.addRegion(side.context.protectionDomain(), sendRegion);
            endpoint = new SmcrEndpoint(
                    token,
                    sendBuffer,
                    rmb,
                    new EndpointListener() {
                        @Override
                        public void peerStateFlags(int stateFlags) {
                            flags.add(stateFlags);
                        }

                        @Override
                        public void drained() {
                            drained.countDown();
                        }

                        @Override
                        public void violation(String what) {
                            violations.add(what);
                        }
                    },
                    waiting);
        }
    }

    /** A link at one side, and what it said. */
    static final class LinkEnd implements LinkListener {
        final OwnedLink link;
        final List<byte[]> llc = Collections.synchronizedList(new ArrayList<>());
        final List<String> failures = Collections.synchronizedList(new ArrayList<>());

        LinkEnd(SoftSide side, int port, int number) throws RdmaException {
            QueuePair pair =
                    side.context.protectionDomain().createQueuePair(side.context.completionQueue(), OwnedLink.CAPACITY);
            pair.toInit(port);
            link = OwnedLink.prepare(
                    side.context.protectionDomain(),
                    pair,
                    side.context.device().maxInlineBytes(),
                    number,
                    number,
                    side.routes,
                    this);
        }

        @Override
        public void llcReceived(byte[] message) {
            llc.add(message);
        }

        @Override
        public void linkFailed(CompletionStatus status, String detail) {
            failures.add(status + ": " + detail);
        }
    }

    final ActorTestKit kit;
    final Arena arena = Arena.ofShared();
    final DeviceContext context;
    final LinkRoutes routes = new LinkRoutes();
    final CompletionQueueOwner.Spawned owner;
    final List<MemoryRegion> regions = new ArrayList<>();
    final List<LinkEnd> links = new ArrayList<>();

    SoftSide(ActorTestKit kit, Path directory, String name) throws Exception {
        this.kit = kit;
        RdmaDevice device = new SoftRdmaProvider().open("soft0", new DeviceOptions(directory, 2));
        context = DeviceContext.open(device, 4000);
        AtomicReference<CompletionQueueOwner.Spawned> spawned = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        ActorRef<Object> parent = kit.spawn(
                Behaviors.setup(actor -> {
                    spawned.set(CompletionQueueOwner.spawn(
                            actor,
                            "owner",
                            DispatcherSelector.fromConfig("pinned"),
                            context,
                            OwnerSettings.defaults(),
                            new DeviceListener() {
                                @Override
                                public void portDown(int port) {}

                                @Override
                                public void portUp(int port) {}

                                @Override
                                public void deviceFatal(String reason) {}
                            },
                            System::nanoTime,
                            behavior -> behavior));
                    done.countDown();
                    return Behaviors.empty();
                }),
                name);
        done.await();
        owner = spawned.get();
        if (parent == null) {
            throw new AssertionError();
        }
    }

    void tell(Command command) {
        owner.handle().tell(command);
    }

    /** A link in RTS between two sides, with both connections' rtokens. */
    static void link(SoftSide a, SoftSide b, int port, int number) throws RdmaException {
        LinkEnd atA = new LinkEnd(a, port, number);
        LinkEnd atB = new LinkEnd(b, port, number);
        a.attach(atA);
        b.attach(atB);
        rtr(a, atA, b, atB, port);
        rtr(b, atB, a, atA, port);
        atA.link.queuePair().toRts(RtsAttributes.linux(7));
        atB.link.queuePair().toRts(RtsAttributes.linux(7));
        a.tell(new Command.LinkReady(atA.link));
        b.tell(new Command.LinkReady(atB.link));
        a.links.add(atA);
        b.links.add(atB);
    }

    private static void rtr(SoftSide from, LinkEnd local, SoftSide to, LinkEnd remote, int port) throws RdmaException {
        local.link
                .queuePair()
                .toRtr(new RtrAttributes(
                        to.context.device().port(port).gid(),
                        to.context.device().port(port).mac(),
                        remote.link.queuePair().number(),
                        7,
                        1024,
                        1,
                        5));
    }

    private void attach(LinkEnd end) {
        TestProbe<Reply.LinkAttached> probe = kit.createTestProbe();
        tell(new Command.AttachLink(end.link, probe.getRef()));
        Reply.LinkAttached attached = probe.receiveMessage();
        if (!attached.accepted()) {
            throw new AssertionError(attached.detail());
        }
    }

    /** Makes a connection of two ends that knows the rtokens of all links, on the first link. */
    static List<End> connect(SoftSide a, SoftSide b, int token, int size, WaitSettings waiting) throws RdmaException {
        End atA = new End(a, token, size, waiting);
        End atB = new End(b, token, size, waiting);
        a.attach(atA);
        b.attach(atB);
        a.tell(new Command.OpenEndpoint(atA.endpoint, peer(token, size, a, atB)));
        b.tell(new Command.OpenEndpoint(atB.endpoint, peer(token, size, b, atA)));
        return List.of(atA, atB);
    }

    private static PeerRmbe peer(int token, int size, SoftSide writer, End target) {
        PeerRmbe peer = new PeerRmbe(token, size, 0);
        for (LinkEnd link : writer.links) {
            peer.setRtoken(link.link, target.rmbRegion.remoteKey(), target.rmbRegion.address());
        }
        return peer;
    }

    private void attach(End end) {
        TestProbe<Reply.EndpointAttached> probe = kit.createTestProbe();
        tell(new Command.AttachEndpoint(end.endpoint, links.getFirst().link, probe.getRef()));
        Reply.EndpointAttached attached = probe.receiveMessage();
        if (!attached.accepted()) {
            throw new AssertionError(attached.detail());
        }
    }

    boolean detach(End end) {
        TestProbe<Reply.EndpointDetached> probe = kit.createTestProbe();
        tell(new Command.DetachEndpoint(end.endpoint, probe.getRef()));
        return probe.receiveMessage().quiet();
    }

    boolean detach(LinkEnd end) {
        TestProbe<Reply.LinkDetached> probe = kit.createTestProbe();
        tell(new Command.DetachLink(end.link, Duration.ofSeconds(5), probe.getRef()));
        return probe.receiveMessage().flushed();
    }

    void move(LinkEnd from, LinkEnd to) {
        TestProbe<Reply.EndpointsMoved> probe = kit.createTestProbe();
        tell(new Command.MoveEndpoints(from.link, to.link, probe.getRef()));
        probe.receiveMessage();
    }

    /** Detaches all links, stops the owner and frees everything; the device must be willing to close. */
    @Override
    public void close() {
        for (LinkEnd end : links) {
            if (!detach(end)) {
                throw new AssertionError(end.link + " was not flushed");
            }
            end.link.queuePair().close();
            end.link.free();
        }
        regions.forEach(MemoryRegion::close);
        TestProbe<Object> probe = kit.createTestProbe();
        tell(new Command.Stop());
        probe.expectTerminated(owner.ref(), Duration.ofSeconds(10));
        arena.close();
    }
}
