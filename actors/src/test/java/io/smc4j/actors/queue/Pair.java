package io.smc4j.actors.queue;

import io.smc4j.actors.datapath.PeerRmbe;
import io.smc4j.actors.fake.FakeFabric;
import io.smc4j.actors.fake.FakeRegion;
import io.smc4j.rdma.RdmaException;
import java.lang.foreign.Arena;
import java.util.Objects;

/** Two sides joined by links on fake devices, and one connection between them. */
final class Pair implements AutoCloseable {
    final Arena arena = Arena.ofShared();
    final FakeFabric fabric = new FakeFabric();
    final Side a;
    final Side b;
    final PeerRmbe aSeesB;
    final PeerRmbe bSeesA;

    /** A link as both sides have it. */
    record Link(OwnedLink a, OwnedLink b, Side.Heard heardA, Side.Heard heardB) {}

    Pair(int sendSize, int rmbSize) throws RdmaException {
        this(sendSize, rmbSize, 1);
    }

    Pair(int sendSize, int rmbSize, int owners) throws RdmaException {
        a = new Side(fabric, arena, 0x11, sendSize, rmbSize, owners);
        b = new Side(fabric, arena, 0x22, sendSize, rmbSize, owners);
        aSeesB = b.asSeenByPeer();
        bSeesA = a.asSeenByPeer();
    }

    /** A link in RTS at both ends, with rtokens, between owners of the same index. */
    Link newLink(int owner) throws RdmaException {
        Side.Heard heardA = new Side.Heard();
        Side.Heard heardB = new Side.Heard();
        OwnedLink atA = a.newLink(a.owners.get(owner), heardA);
        OwnedLink atB = b.newLink(b.owners.get(owner), heardB);
        FakeFabric.join(Side.pair(atA), Side.pair(atB));
        FakeRegion toB = Objects.requireNonNull(b.rmbRegion);
        FakeRegion toA = Objects.requireNonNull(a.rmbRegion);
        aSeesB.setRtoken(atA, toB.remoteKey(), toB.address());
        bSeesA.setRtoken(atB, toA.remoteKey(), toA.address());
        a.owners.get(owner).loop.execute(new Command.LinkReady(atA));
        b.owners.get(owner).loop.execute(new Command.LinkReady(atB));
        return new Link(atA, atB, heardA, heardB);
    }

    /** Attaches and opens the endpoints on a link of the first owners. */
    Pair connect(Link link) {
        a.attach(a.owner(), link.a());
        b.attach(b.owner(), link.b());
        a.open(aSeesB);
        b.open(bSeesA);
        return this;
    }

    /** Executes and polls until nothing happens any more. */
    void settle(Link... links) {
        int work = 1;
        while (work > 0) {
            work = 0;
            for (Link link : links) {
                work += Side.pair(link.a()).step(100) + Side.pair(link.b()).step(100);
            }
            for (Side.Owner owner : a.owners) {
                work += owner.turn();
            }
            for (Side.Owner owner : b.owners) {
                work += owner.turn();
            }
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
