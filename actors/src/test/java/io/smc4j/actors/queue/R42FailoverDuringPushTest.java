package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.datapath.SmcrEndpoint;
import io.smc4j.actors.queue.QueueCounters.Counter;
import io.smc4j.protocol.cdc.CdcFlags;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

/**
 * a sender waits for a slot of the old link, or is about to be opened on it, when its connection is moved. Nothing may be
 * posted on the wrong queue pair, and no cursor moves twice.
 */
class R42FailoverDuringPushTest {
    @Test
    void shouldNotUseASlotOfTheOldLinkThatIsFreeOnlyAfterTheSwitch() throws Exception {
        try (Pair pair = new Pair(2000, 2000)) {
            Pair.Link old = pair.newLink(0);
            Pair.Link fresh = pair.newLink(0);
            pair.connect(old);
            for (int i = 0; i < OwnedLink.CDC_SLOTS; i++) { // take all slots of the old link
                SmcrEndpoint other = RaceB.another(pair.a, 100 + i, old.a(), pair.aSeesB);
                other.sendStateFlags(CdcFlags.DONE_WRITING);
            }
            while (pair.a.owner().turn() > 0) {
                // until they are posted
            }
            assertThat(pair.a.endpoint.tryWrite(RaceB.data(1500), 0, 1500)).isEqualTo(1500);
            pair.a.owner().turn();
            long sentOnOld = pair.a.owner().loop.counters().get(Counter.CDC_SENT);
            assertThat(sentOnOld).as("no slot for it").isEqualTo(OwnedLink.CDC_SLOTS);

            RaceB.move(pair.a.owner(), old.a(), fresh.a());
            int before = old.a().queuePair().outstanding();
            pair.settle(old, fresh); // the flush frees all slots of the old link
            assertThat(old.a().queuePair().outstanding()).isLessThanOrEqualTo(before);
            byte[] target = new byte[3000];
            assertThat(pair.b.endpoint.tryRead(MemorySegment.ofArray(target), 0, 3000))
                    .isEqualTo(1500);
            assertThat(MemorySegment.ofArray(target).asSlice(0, 1500).toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(RaceB.data(1500).toArray(ValueLayout.JAVA_BYTE));
            assertThat(pair.a.edges.violations).isEmpty();
            assertThat(pair.b.edges.violations).isEmpty();
            pair.settle(old, fresh);
            TestInbox<Reply.EndpointDetached> detached = RaceB.detach(pair.a.owner(), pair.a.endpoint);
            pair.settle(old, fresh);
            assertThat(detached.receiveMessage().quiet()).isTrue();
        }
    }

    @Test
    void shouldCountTheLateSuccessOfTheOldLinkOnlyOnce() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link old = pair.newLink(0);
            Pair.Link fresh = pair.newLink(0);
            pair.connect(old);
            pair.a.endpoint.tryWrite(RaceB.data(600), 0, 600);
            pair.a.owner().turn();
            Side.pair(old.a()).step(100); // executed, and its completion lies in the queue
            RaceB.move(pair.a.owner(), old.a(), fresh.a());
            pair.a.owner().loop.execute(pair.a.owner().mailbox.remove());
            pair.settle(old, fresh);
            assertThat(RaceB.readAll(pair.b)).isEqualTo(600);
            pair.settle(old, fresh);
            assertThat(pair.a.endpoint.tryWrite(RaceB.data(1000), 0, 1000)).isEqualTo(1000);
            pair.settle(old, fresh);
            // The other side has not switched: that it has read does not come over its dead link.
            assertThat(RaceB.readAll(pair.b)).isEqualTo(400);
            assertThat(pair.b.edges.violations).isEmpty();
        }
    }

    @Test
    void shouldNotFreeSpaceByTheLateSuccessOfWhatIsAboutToBeSentAgain() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link old = pair.newLink(0);
            pair.connect(old);
            OwnedLink notReady = pair.a.newLink(pair.a.owner(), new Side.Heard());
            pair.aSeesB.setRtoken(notReady, 1, 0);
            pair.a.owner().queue().withheld = true;
            pair.a.endpoint.tryWrite(RaceB.data(600), 0, 600);
            pair.settle(old);
            RaceB.move(pair.a.owner(), old.a(), notReady);
            pair.a.owner().turn();
            pair.a.owner().queue().withheld = false;
            pair.settle(old);
            assertThat(pair.a.endpoint.tryWrite(RaceB.data(1000), 0, 1000)).isEqualTo(400);
        }
    }

    @Test
    void shouldOpenOnTheNewLinkWhenOpenedInTheMiddleOfASwitch() throws Exception {
        try (Pair pair = new Pair(1000, 1000, 2)) {
            Pair.Link old = pair.newLink(0);
            Pair.Link fresh = pair.newLink(1);
            pair.a.attach(pair.a.owner(), old.a());
            pair.b.attach(pair.b.owner(), old.b());
            pair.b.open(pair.bSeesA);
            pair.aSeesB.removeRtoken(old.a()); // the old link is gone for the link group
            Side.Owner first = pair.a.owners.get(0);
            Side.Owner second = pair.a.owners.get(1);
            second.tell(
                    new Command.OpenEndpoint(pair.a.endpoint, pair.aSeesB)); // the group knows of the switch already
            RaceB.move(first, old.a(), fresh.a());
            first.settle();
            pair.a.endpoint.tryWrite(RaceB.data(700), 0, 700);
            pair.settle(old, fresh);
            assertThat(pair.a.edges.violations).isEmpty();
            assertThat(RaceB.readAll(pair.b)).isEqualTo(700);
        }
    }
}
