package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.datapath.SmcrEndpoint;
import io.smc4j.protocol.cdc.CdcFlags;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** connections come and go while those of a failed link are moved, here between links of two owners. */
class R41ConnectionsChangeDuringFailoverTest {
    private Pair pair;
    private Pair.Link old;
    private Pair.Link next;
    private Side.Owner first;
    private Side.Owner second;
    private final List<SmcrEndpoint> more = new ArrayList<>();

    @BeforeEach
    void connect() throws Exception {
        pair = new Pair(1000, 1000, 2);
        old = pair.newLink(0);
        next = pair.newLink(1);
        pair.connect(old);
        for (int i = 0; i < 4; i++) {
            more.add(RaceB.another(pair.a, 100 + i, old.a(), pair.aSeesB));
        }
        pair.settle(old, next);
        first = pair.a.owners.get(0);
        second = pair.a.owners.get(1);
    }

    @AfterEach
    void close() {
        pair.close();
    }

    @Test
    void shouldAnswerEveryDetachOnceWhereverTheEndpointIsThen() throws Exception {
        TestInbox<Reply.EndpointDetached> before = RaceB.detach(first, more.get(0));
        TestInbox<Reply.EndpointsMoved> moved = RaceB.move(first, old.a(), next.a());
        TestInbox<Reply.EndpointDetached> behind = RaceB.detach(first, more.get(1));
        first.settle(); // the others are on their way now
        TestInbox<Reply.EndpointDetached> onTheWay = RaceB.detach(first, more.get(2));
        first.settle();
        pair.settle(old, next);
        TestInbox<Reply.EndpointDetached> after = RaceB.detach(first, more.get(3));
        pair.settle(old, next);
        for (TestInbox<Reply.EndpointDetached> reply : List.of(before, behind, onTheWay, after)) {
            assertThat(reply.receiveMessage().quiet()).isTrue();
            assertThat(reply.hasMessages()).isFalse();
        }
        assertThat(moved.receiveMessage().moved()).isEqualTo(4);
        assertThat(pair.a.routes.size()).isEqualTo(1);
        assertThat(next.a().endpoints()).containsExactly(pair.a.endpoint);
        assertThat(old.a().endpoints()).isEmpty();
    }

    @Test
    void shouldNotTakeInAnEndpointThatWasDetachedOnItsWay() throws Exception {
        SmcrEndpoint leaving = more.get(0);
        TestInbox<Reply.EndpointsMoved> moved = RaceB.move(first, old.a(), next.a());
        // Its Connection knows the second owner, as after an earlier move, so this overtakes the move.
        TestInbox<Reply.EndpointDetached> reply = RaceB.detach(second, leaving);
        first.settle();
        second.turn();
        assertThat(reply.receiveMessage().quiet()).isTrue();
        second.settle();
        assertThat(moved.receiveMessage().moved()).isEqualTo(4);
        assertThat(next.a().endpoints()).doesNotContain(leaving);
        assertThat(leaving.link()).isNull();
    }

    @Test
    void shouldTellThePeerThatOneClosedWhichWasDetachedOnItsWay() throws Exception { // R-57 too
        TestInbox<Reply.EndpointsMoved> moved = RaceB.move(first, old.a(), next.a());
        pair.a.endpoint.sendStateFlags(CdcFlags.CLOSED);
        TestInbox<Reply.EndpointDetached> reply = RaceB.detach(second, pair.a.endpoint);
        first.settle();
        pair.settle(old, next);
        assertThat(moved.receiveMessage().moved()).isEqualTo(5);
        assertThat(pair.b.edges.flags).containsExactly(CdcFlags.CLOSED);
        assertThat(reply.receiveMessage().quiet()).isTrue();
    }

    @Test
    void shouldMoveOnThoseThatArriveAtALinkThatBrokeMeanwhile() throws Exception {
        Pair.Link third = pair.newLink(0);
        RaceB.move(first, old.a(), next.a());
        TestInbox<Reply.EndpointsMoved> moved = RaceB.move(second, next.a(), third.a());
        second.settle(); // finds nothing to move yet
        first.settle();
        pair.settle(old, next, third);
        assertThat(moved.receiveMessage().moved()).isZero();
        assertThat(third.a().endpoints()).hasSize(5);
        pair.a.endpoint.tryWrite(RaceB.data(500), 0, 500);
        pair.settle(old, next, third);
        assertThat(RaceB.readAll(pair.b)).isEqualTo(500);
    }
}
