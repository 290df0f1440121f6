package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.connection.Connection;
import io.smc4j.actors.group.JoinReply;
import io.smc4j.actors.group.LinkGroup;
import io.smc4j.actors.group.LocalOffer;
import io.smc4j.protocol.cdc.CdcCodec;
import io.smc4j.protocol.cdc.CdcMessage;
import io.smc4j.protocol.cdc.Cursor;
import io.smc4j.protocol.clc.SmcrEndpoint;
import io.smc4j.protocol.lifecycle.connection.AbortCause;
import io.smc4j.protocol.llc.LlcConfirmRkey;
import io.smc4j.protocol.llc.LlcDeleteRkey;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** Steps of the second half of the race tests on a {@link BenchA}. */
final class BenchB {
    private BenchB() {}

    /** A connection that is established: its actor, and our end as the peer was told it. */
    record Open(long id, ActorRef<Connection.Command> actor, SmcrEndpoint end) {
        void kill() {
            actor.tell(new Connection.Kill(AbortCause.APPLICATION_ABORT, "the test ends it"));
        }
    }

    /** Another connection of a listed server's group, whose rkey is confirmed on {@code link}. */
    static Open open(BenchA bench, BenchA.Listed server, FakeQpA link, int token) throws Exception {
        BenchA.Handshake handshake = bench.joinServer(server.group());
        JoinReply.Offered offered = bench.offered(handshake, link);
        server.group().tell(new LinkGroup.PeerSmcr(offered.connection(), BenchA.peerEnd(token)));
        JoinReply.Connected connected = handshake.expect(JoinReply.Connected.class);
        return new Open(offered.connection(), connected.connection(), end(offered));
    }

    static SmcrEndpoint end(JoinReply.Offered offered) {
        return ((LocalOffer.Smcr) offered.offer()).endpoint();
    }

    static Open first(BenchA.Listed listed) {
        return new Open(listed.connection(), listed.actor(), listed.offer());
    }

    /** The RMB with that rkey, as long as it is registered. */
    static MemorySegment rmb(BenchA bench, SmcrEndpoint end) {
        return bench.device()
                .memory(end.rkey(), end.rmbAddress(), (int) end.rmbeSize().bytes());
    }

    static boolean isZero(MemorySegment memory) {
        return memory.mismatch(MemorySegment.ofArray(new byte[(int) memory.byteSize()])) == -1;
    }

    /** A DELETE RKEY request for exactly this RMB. */
    static LlcDeleteRkey expectDelete(FakeQpA link, SmcrEndpoint end) throws Exception {
        LlcDeleteRkey request = link.expect(LlcDeleteRkey.class);
        assertThat(request.response()).isFalse();
        assertThat(request.rkeys()).containsExactly(end.rkey());
        return request;
    }

    /** The peer announces an RMB, and the group answers. @return whether it took it */
    static boolean announce(FakeQpA link, int rkey) throws Exception {
        link.receive(LlcConfirmRkey.request(2, rkey, 0x1_0000L * rkey, List.of()));
        LlcConfirmRkey answer = link.expect(LlcConfirmRkey.class);
        assertThat(answer.response()).isTrue();
        assertThat(answer.rkey()).isEqualTo(rkey);
        return !answer.negative();
    }

    /** The peer withdraws an RMB, and the group answers. @return whether it knew it */
    static boolean withdraw(FakeQpA link, int rkey) throws Exception {
        link.receive(LlcDeleteRkey.request(2, List.of(rkey)));
        LlcDeleteRkey answer = link.expect(LlcDeleteRkey.class);
        assertThat(answer.response()).isTrue();
        return !answer.negative();
    }

    static byte[] cdc(int sequence, int token, int produced) {
        return CdcCodec.encode(new CdcMessage(sequence, token, new Cursor(0, produced), new Cursor(0, 0), 0, 0));
    }
}
