package io.smc4j.actors.queue;

import io.smc4j.actors.datapath.EndpointListener;
import io.smc4j.actors.datapath.PeerRmbe;
import io.smc4j.actors.datapath.SendBuffer;
import io.smc4j.actors.datapath.SmcrEndpoint;
import io.smc4j.actors.datapath.WaitSettings;
import io.smc4j.actors.fake.FakeDevice;
import io.smc4j.actors.fake.FakeFabric;
import io.smc4j.actors.fake.FakeQueue;
import io.smc4j.actors.fake.FakeQueuePair;
import io.smc4j.actors.fake.FakeRegion;
import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.RdmaException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.jspecify.annotations.Nullable;

/** One side of a link group on fake devices: owners driven by hand, links, one endpoint. */
final class Side {
    /** An owner with its mailbox and device. */
    static final class Owner {
        final FakeDevice device;
        final DeviceContext context;
        final ArrayDeque<Command> mailbox = new ArrayDeque<>();
        final List<String> deviceEvents = new ArrayList<>();
        final OwnerLoop loop;
        long now;

        Owner(FakeFabric fabric) throws RdmaException {
            device = new FakeDevice(fabric);
            context = DeviceContext.open(device, 1000);
            DeviceListener events = new DeviceListener() {
                @Override
                public void portDown(int port) {
                    deviceEvents.add("down " + port);
                }

                @Override
                public void portUp(int port) {
                    deviceEvents.add("up " + port);
                }

                @Override
                public void deviceFatal(String reason) {
                    deviceEvents.add("fatal " + reason);
                }
            };
            loop = new OwnerLoop(
                    context, new OwnerSettings(8, 0, 0, Duration.ofMillis(1)), events, mailbox::add, () -> now);
        }

        FakeQueue queue() {
            return (FakeQueue) context.completionQueue();
        }

        /** A turn: one command, then work. @return how much happened */
        int turn() {
            Command next = mailbox.poll();
            if (next != null) {
                loop.execute(next);
            }
            return loop.doWork() + (next == null ? 0 : 1);
        }

        void settle() {
            while (turn() > 0) {
                // until nothing happens
            }
        }

        void tell(Command command) {
            loop.handle().tell(command);
        }
    }

    /** What a link told its actor. */
    static final class Heard implements LinkListener {
        final List<byte[]> llc = new ArrayList<>();
        final List<String> failures = new ArrayList<>();

        @Override
        public void llcReceived(byte[] message) {
            llc.add(message);
        }

        @Override
        public void linkFailed(CompletionStatus status, String detail) {
            failures.add(status + ": " + detail);
        }
    }

    /** What an endpoint told its Connection actor. */
    static final class Edges implements EndpointListener {
        final List<Integer> flags = new ArrayList<>();
        final List<String> violations = new ArrayList<>();
        int drained;

        @Override
        public void peerStateFlags(int stateFlags) {
            flags.add(stateFlags);
        }

        @Override
        public void drained() {
            drained++;
        }

        @Override
        public void violation(String what) {
            violations.add(what);
        }
    }

    final FakeFabric fabric;
    final LinkRoutes routes = new LinkRoutes();
    final Edges edges = new Edges();
    final SendBuffer sendBuffer;
    final MemorySegment rmb;
    final SmcrEndpoint endpoint;
    final int token;
    final List<Owner> owners = new ArrayList<>();
    private int links;

    Side(FakeFabric fabric, Arena arena, int token, int sendSize, int rmbSize, int owners) throws RdmaException {
        this.fabric = fabric;
        this.token = token;
        sendBuffer = new SendBuffer(arena.allocate(sendSize, 8));
        rmb = arena.allocate(rmbSize, 8);
        for (int i = 0; i < owners; i++) {
            Owner owner = new Owner(fabric);
            this.owners.add(owner);
            sendRegion = owner.device.register(sendBuffer.memory(), false);
            sendBuffer.addRegion(owner.device, sendRegion);
        }
        endpoint = new SmcrEndpoint(token, sendBuffer, rmb, edges, new WaitSettings(0, 1));
    }

    Owner owner() {
        return owners.getFirst();
    }

    /** A link, its queue pair in INIT and attached to its owner. */
    OwnedLink newLink(Owner owner, Heard heard) throws RdmaException {
        FakeQueuePair pair =
                (FakeQueuePair) owner.device.createQueuePair(owner.context.completionQueue(), OwnedLink.CAPACITY);
        pair.toInit(1);
        int number = ++links;
        OwnedLink link = OwnedLink.prepare(owner.device, pair, 64, number, number, routes, heard);
        TestInbox<Reply.LinkAttached> reply = TestInbox.create();
        owner.loop.execute(new Command.AttachLink(link, reply.getRef()));
        Reply.LinkAttached attached = reply.receiveMessage();
        if (!attached.accepted()) {
            throw new AssertionError(attached.detail());
        }
        return link;
    }

    static FakeQueuePair pair(OwnedLink link) {
        return (FakeQueuePair) link.queuePair();
    }

    void attach(Owner owner, OwnedLink link) {
        TestInbox<Reply.EndpointAttached> reply = TestInbox.create();
        owner.loop.execute(new Command.AttachEndpoint(endpoint, link, reply.getRef()));
        Reply.EndpointAttached attached = reply.receiveMessage();
        if (!attached.accepted()) {
            throw new AssertionError(attached.detail());
        }
    }

    void open(PeerRmbe peer) {
        owner().loop.execute(new Command.OpenEndpoint(endpoint, peer));
    }

    /** The send buffer as the last owner's device knows it. */
    @Nullable
    FakeRegion sendRegion;

    /** The region a peer may write to. */
    @Nullable
    FakeRegion rmbRegion;

    PeerRmbe asSeenByPeer() {
        if (rmbRegion == null) {
            rmbRegion = owner().device.register(rmb, true);
        }
        return new PeerRmbe(token, (int) rmb.byteSize(), 0);
    }
}
