package io.smc4j.actors.queue;

import io.smc4j.actors.datapath.PeerRmbe;
import io.smc4j.actors.datapath.SmcrEndpoint;
import io.smc4j.actors.datapath.WaitSettings;
import io.smc4j.protocol.cdc.CdcCodec;
import io.smc4j.protocol.cdc.CdcMessage;
import io.smc4j.protocol.cdc.Cursor;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;

/** What the race tests of this package have in common. */
final class RaceB {
    private RaceB() {}

    /** A CDC message for {@code to}, put into its queue as if its peer had sent it. */
    static void cdc(Pair.Link on, int token, int sequence, int produced) {
        cdc(on, new CdcMessage(sequence, token, new Cursor(0, produced), new Cursor(0, 0), 0, 0));
    }

    static void cdc(Pair.Link on, CdcMessage message) {
        if (!Side.pair(on.a()).inject(CdcCodec.encode(message))) {
            throw new AssertionError("the message could not be received");
        }
    }

    /** How many bytes there were to read. */
    static long readAll(Side side) throws Exception {
        return side.endpoint.tryRead(MemorySegment.ofArray(new byte[10_000]), 0, 10_000);
    }

    static MemorySegment data(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + 7);
        }
        return MemorySegment.ofArray(bytes);
    }

    /** Another endpoint beside a side's own; they share their memory, which only one of them uses for data. */
    static SmcrEndpoint another(Side side, int token, OwnedLink link, PeerRmbe peer) {
        SmcrEndpoint endpoint =
                new SmcrEndpoint(token, side.sendBuffer, side.rmb, new Side.Edges(), new WaitSettings(0, 1));
        TestInbox<Reply.EndpointAttached> reply = TestInbox.create();
        side.owner().loop.execute(new Command.AttachEndpoint(endpoint, link, reply.getRef()));
        side.owner().loop.execute(new Command.OpenEndpoint(endpoint, peer));
        if (!reply.receiveMessage().accepted()) {
            throw new AssertionError("not attached");
        }
        return endpoint;
    }

    static TestInbox<Reply.EndpointsMoved> move(Side.Owner owner, OwnedLink from, OwnedLink to) {
        TestInbox<Reply.EndpointsMoved> reply = TestInbox.create();
        owner.tell(new Command.MoveEndpoints(from, to, reply.getRef()));
        return reply;
    }

    static TestInbox<Reply.EndpointDetached> detach(Side.Owner owner, SmcrEndpoint endpoint) {
        TestInbox<Reply.EndpointDetached> reply = TestInbox.create();
        owner.tell(new Command.DetachEndpoint(endpoint, reply.getRef()));
        return reply;
    }

    static TestInbox<Reply.LinkDetached> detach(Side.Owner owner, OwnedLink link) {
        TestInbox<Reply.LinkDetached> reply = TestInbox.create();
        owner.tell(new Command.DetachLink(link, Duration.ofSeconds(1), reply.getRef()));
        return reply;
    }
}
