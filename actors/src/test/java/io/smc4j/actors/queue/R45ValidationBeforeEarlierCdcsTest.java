package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.protocol.cdc.CdcCodec;
import io.smc4j.protocol.cdc.CdcFlags;
import io.smc4j.protocol.cdc.CdcMessage;
import io.smc4j.protocol.cdc.Cursor;
import java.lang.foreign.MemorySegment;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * a validation message is polled before, or instead of, the CDC messages it speaks of. Judged too early, a connection is
 * aborted for nothing; judged by messages that came over the new link, a loss is never seen.
 */
class R45ValidationBeforeEarlierCdcsTest {
    private Pair pair;
    private Pair.Link old;
    private Pair.Link fresh;
    private Side.Owner ownerOfOld;
    private Side.Owner ownerOfFresh;

    /** The endpoint uses the fresh link already; its peer's messages on the old one are in the other owner's queue. */
    @BeforeEach
    void connect() throws Exception {
        pair = new Pair(2000, 2000, 3);
        fresh = pair.newLink(0);
        old = pair.newLink(1);
        pair.connect(fresh);
        ownerOfFresh = pair.b.owners.get(0);
        ownerOfOld = pair.b.owners.get(1);
    }

    @AfterEach
    void close() {
        pair.close();
    }

    private void cdc(Pair.Link on, int sequence, int produced) {
        Side.pair(on.a())
                .inject(CdcCodec.encode(
                        new CdcMessage(sequence, pair.b.token, new Cursor(0, produced), new Cursor(0, 0), 0, 0)));
    }

    private void validation(Pair.Link on, int completed) {
        Side.pair(on.a())
                .inject(CdcCodec.encode(new CdcMessage(
                        completed, pair.b.token, new Cursor(0, 0), new Cursor(0, 0), CdcFlags.FAILOVER_VALIDATION, 0)));
    }

    private long readable() throws Exception {
        return pair.b.endpoint.tryRead(MemorySegment.ofArray(new byte[4000]), 0, 4000);
    }

    @Test
    void shouldWaitForMessagesHeldBackInTheOldLinksQueue() throws Exception {
        ownerOfOld.queue().withheld = true;
        cdc(old, 1, 100);
        cdc(old, 2, 200);
        validation(fresh, 2);
        cdc(fresh, 3, 300);
        ownerOfFresh.settle();
        assertThat(pair.b.endpoint.isDoubtful()).isTrue();
        assertThat(pair.b.edges.violations).isEmpty();

        ownerOfOld.queue().withheld = false;
        pair.settle(old, fresh);
        assertThat(pair.b.edges.violations).isEmpty();
        assertThat(pair.b.endpoint.isDoubtful()).isFalse();
        assertThat(readable()).isEqualTo(300);
    }

    @Test
    void shouldNotTakeANewerMessageForTheOneThatWasLost() throws Exception {
        validation(fresh, 2); // 1 and 2 completed at the peer, and never came
        cdc(fresh, 3, 300);
        pair.settle(old, fresh);
        assertThat(pair.b.edges.violations)
                .singleElement()
                .asString()
                .contains("lost in a link switch", "up to number 2", "0 is the last");
        assertThat(pair.b.endpoint.hasUnread()).as("data behind the loss").isFalse();
    }

    @Test
    void shouldHandOnTheNewestOfTheMessagesItHeldBack() throws Exception {
        validation(fresh, 1);
        cdc(fresh, 2, 200);
        cdc(fresh, 3, 300);
        ownerOfFresh.turn();
        assertThat(pair.b.endpoint.hasUnread()).isFalse();
        cdc(old, 1, 100);
        pair.settle(old, fresh);
        assertThat(pair.b.edges.violations).isEmpty();
        assertThat(readable()).isEqualTo(300);
    }

    @Test
    void shouldJudgeASecondSwitchAfterDrainingOnceMore() throws Exception {
        Pair.Link first = pair.newLink(2);
        Side.Owner ownerOfFirst = pair.b.owners.get(2);
        ownerOfFirst.queue().withheld = true;
        cdc(first, 1, 100);
        validation(old, 1); // from the first link to the old one
        ownerOfOld.settle();
        ownerOfFresh.settle();
        ownerOfOld.settle(); // says that its queue is empty: of no worth for what comes now
        ownerOfOld.queue().withheld = true;
        cdc(old, 2, 200);
        validation(fresh, 2); // from the old link to the fresh one
        ownerOfFresh.settle();
        ownerOfFirst.queue().withheld = false;
        ownerOfFirst.settle();
        ownerOfFresh.settle();
        assertThat(pair.b.edges.violations).isEmpty();
        assertThat(pair.b.endpoint.isDoubtful()).isTrue();
        assertThat(readable()).isEqualTo(100);

        ownerOfOld.queue().withheld = false;
        pair.settle(old, fresh, first);
        assertThat(pair.b.edges.violations).isEmpty();
        assertThat(readable()).isEqualTo(100);
    }

    @Test
    void shouldSeeTheLossOfTheSecondSwitchBehindMessagesHeldBackForTheFirst() throws Exception {
        validation(fresh, 1);
        cdc(fresh, 2, 200);
        validation(fresh, 3); // 3 was lost
        cdc(fresh, 4, 400);
        cdc(old, 1, 100);
        pair.settle(old, fresh);
        assertThat(pair.b.edges.violations).singleElement().asString().contains("up to number 3");
    }

    @Test
    void shouldNotTakeTheLateWordOfAnOwnerForItsWordAboutTheNextSwitch() throws Exception {
        validation(fresh, 1);
        cdc(fresh, 1, 100);
        ownerOfFresh.settle();
        ownerOfFresh.now += 1_100_000_000; // the other owner does not answer: judged without it
        ownerOfFresh.settle();
        assertThat(pair.b.endpoint.isDoubtful()).isFalse();
        ownerOfOld.queue().withheld = true;
        cdc(old, 2, 200);
        validation(fresh, 2);
        ownerOfFresh.settle();
        ownerOfOld.turn(); // answers now, what it was asked first
        ownerOfFresh.settle();
        assertThat(pair.b.edges.violations).isEmpty();
        assertThat(pair.b.endpoint.isDoubtful()).isTrue();

        ownerOfOld.queue().withheld = false;
        pair.settle(old, fresh);
        assertThat(pair.b.edges.violations).isEmpty();
        assertThat(readable()).isEqualTo(200);
    }

    @Test
    void shouldSeeTheLossAtTheOwnerToWhomTheEndpointWasMovedThoughNothingComesThere() throws Exception {
        Pair.Link third = pair.newLink(2);
        validation(fresh, 2); // 1 and 2 were lost
        ownerOfFresh.settle();
        ownerOfFresh.tell(new Command.MoveEndpoints(
                fresh.b(), third.b(), TestInbox.<Reply.EndpointsMoved>create().getRef()));
        ownerOfFresh.settle();
        pair.settle(old, fresh, third);
        assertThat(pair.b.edges.violations).hasSize(1);
    }

    @Test
    void shouldJudgeAtTheOwnerToWhomTheEndpointWasMovedInDoubt() throws Exception {
        Pair.Link third = pair.newLink(2);
        Side.Owner ownerOfThird = pair.b.owners.get(2);
        ownerOfOld.queue().withheld = true;
        validation(fresh, 2);
        cdc(fresh, 3, 300);
        ownerOfFresh.settle();
        TestInbox<Reply.EndpointsMoved> moved = TestInbox.create();
        ownerOfFresh.tell(new Command.MoveEndpoints(fresh.b(), third.b(), moved.getRef()));
        ownerOfFresh.settle();
        ownerOfThird.settle();
        assertThat(moved.receiveMessage().moved()).isEqualTo(1);
        assertThat(pair.b.endpoint.hasUnread()).isFalse();

        cdc(old, 1, 100);
        cdc(old, 2, 200);
        ownerOfOld.queue().withheld = false;
        pair.settle(old, fresh, third);
        assertThat(pair.b.edges.violations).isEmpty();
        assertThat(readable()).isEqualTo(300);
    }
}
