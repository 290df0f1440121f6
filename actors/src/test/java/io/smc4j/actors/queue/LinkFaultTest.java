package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.datapath.SmcrEndpoint;
import io.smc4j.actors.datapath.WaitSettings;
import io.smc4j.actors.fake.FakeDevice;
import io.smc4j.actors.fake.FakeFabric;
import io.smc4j.actors.fake.FakeQueue;
import io.smc4j.actors.queue.QueueCounters.Counter;
import io.smc4j.protocol.cdc.CdcCodec;
import io.smc4j.protocol.cdc.CdcFlags;
import io.smc4j.protocol.cdc.CdcMessage;
import io.smc4j.protocol.cdc.Cursor;
import io.smc4j.rdma.AsyncEvent;
import io.smc4j.rdma.QueuePair;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

/** Links that break, refuse, repeat and hold back; races of spec section 11 by number. */
class LinkFaultTest {
    private static final MemorySegment DATA = MemorySegment.ofArray(new byte[5000]);

    private static int readAll(Side side) throws Exception {
        byte[] target = new byte[10_000];
        return (int) side.endpoint.tryRead(MemorySegment.ofArray(target), 0, target.length);
    }

    private static TestInbox<Reply.EndpointDetached> detach(Side side) {
        TestInbox<Reply.EndpointDetached> reply = TestInbox.create();
        side.owner().tell(new Command.DetachEndpoint(side.endpoint, reply.getRef()));
        return reply;
    }

    private static TestInbox<Reply.LinkDetached> detach(Side side, OwnedLink link) {
        TestInbox<Reply.LinkDetached> reply = TestInbox.create();
        side.owner().tell(new Command.DetachLink(link, Duration.ofNanos(1000), reply.getRef()));
        return reply;
    }

    private static TestInbox<Reply.EndpointsMoved> move(Side side, OwnedLink from, OwnedLink to) {
        TestInbox<Reply.EndpointsMoved> reply = TestInbox.create();
        side.owner().tell(new Command.MoveEndpoints(from, to, reply.getRef()));
        return reply;
    }

    @Test
    void shouldSendNothingBeforeTheLinkIsReadyAndEverythingThen() throws Exception {
        //
        try (Pair pair = new Pair(1000, 1000)) {
            OwnedLink a = pair.a.newLink(pair.a.owner(), new Side.Heard());
            OwnedLink b = pair.b.newLink(pair.b.owner(), new Side.Heard());
            pair.aSeesB.setRtoken(a, pair.b.rmbRegion.remoteKey(), pair.b.rmbRegion.address());
            pair.bSeesA.setRtoken(b, pair.a.rmbRegion.remoteKey(), pair.a.rmbRegion.address());
            Pair.Link link = new Pair.Link(a, b, new Side.Heard(), new Side.Heard());
            pair.connect(link);
            pair.a.endpoint.tryWrite(DATA, 0, 100);
            TestInbox<Reply.LlcSent> early = TestInbox.create();
            pair.a.owner().tell(new Command.SendLlc(a, new byte[44], early.getRef()));
            pair.settle(link);
            assertThat(early.receiveMessage().sent()).isFalse();
            FakeFabric.join(Side.pair(a), Side.pair(b));
            pair.a.owner().tell(new Command.LinkReady(a));
            pair.b.owner().tell(new Command.LinkReady(b));
            pair.settle(link);
            assertThat(readAll(pair.b)).isEqualTo(100);
        }
    }

    @Test
    void shouldResendWhatWasNotConfirmedAfterASwitchAndCountEverythingOnce() throws Exception {
        try (Pair pair = new Pair(2000, 2000)) {
            Pair.Link one = pair.newLink(0);
            Pair.Link two = pair.newLink(0);
            pair.connect(one);
            pair.a.endpoint.tryWrite(DATA, 0, 500);
            pair.settle(one, two);
            pair.a.endpoint.tryWrite(DATA, 0, 300);
            pair.a.owner().turn(); // posted, and lost with the link
            Side.pair(one.a()).toError();
            TestInbox<Reply.EndpointsMoved> moved = move(pair.a, one.a(), two.a());
            pair.settle(one, two);
            assertThat(moved.receiveMessage().moved()).isEqualTo(1);
            assertThat(readAll(pair.b)).isEqualTo(800);
            assertThat(pair.b.edges.violations).isEmpty();
            // the owner was told by command, or found out by itself: in either case at most one report
            assertThat(one.heardA().failures).hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void shouldAcceptThatEverythingArrivedThoughTheCompletionWasLost() throws Exception {
        try (Pair pair = new Pair(2000, 2000)) {
            Pair.Link one = pair.newLink(0);
            Pair.Link two = pair.newLink(0);
            pair.connect(one);
            Side.pair(one.a()).withholdAcknowledgements = true;
            pair.a.endpoint.tryWrite(DATA, 0, 1500);
            pair.settle(one, two);
            assertThat(readAll(pair.b)).isEqualTo(1500);
            // The peer's consumer cursor comes over the other link first.
            move(pair.b, one.b(), two.b());
            pair.settle(two);
            move(pair.a, one.a(), two.a());
            pair.settle(one, two);
            pair.a.endpoint.tryWrite(DATA, 0, 2000);
            pair.settle(one, two);
            assertThat(readAll(pair.b)).isEqualTo(2000);
            assertThat(pair.a.edges.violations).isEmpty();
        }
    }

    @Test
    void shouldOnlyCountCompletionsThatComeAfterTheSwitch() throws Exception {
        // what a late success would tell was taken back by the switch; its bytes are about to be sent again
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link one = pair.newLink(0);
            pair.connect(one);
            OwnedLink notReady = pair.a.newLink(pair.a.owner(), new Side.Heard());
            pair.aSeesB.setRtoken(notReady, 1, 0);
            pair.a.owner().queue().withheld = true;
            pair.a.endpoint.tryWrite(DATA, 0, 500);
            pair.settle(one);
            move(pair.a, one.a(), notReady);
            pair.a.owner().turn();
            pair.a.owner().queue().withheld = false;
            pair.settle(one);
            assertThat(pair.a.endpoint.tryWrite(DATA, 0, 1000)).isEqualTo(500);
            TestInbox<Reply.EndpointDetached> reply = detach(pair.a);
            pair.settle(one);
            assertThat(reply.receiveMessage().quiet()).isTrue();
        }
    }

    @Test
    void shouldDropAnOldCdcThatComesAfterNewerOnes() throws Exception {
        // R-44, with the sequence number going round
        try (Pair pair = new Pair(2000, 2000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            int[][] steps = {{0x7FFF, 100}, {0xFFFE, 300}, {1, 500}, {0xFFFF, 400}, {2, 600}};
            for (int[] step : steps) {
                Side.pair(link.a())
                        .inject(CdcCodec.encode(
                                new CdcMessage(step[0], pair.b.token, new Cursor(0, step[1]), new Cursor(0, 0), 0, 0)));
            }
            pair.settle(link);
            assertThat(readAll(pair.b)).isEqualTo(600);
            assertThat(pair.b.owner().loop.counters().get(Counter.CDC_DROPPED)).isEqualTo(1);
        }
    }

    private static byte[] produced(Side to, int sequence, int bytes) {
        return CdcCodec.encode(new CdcMessage(sequence, to.token, new Cursor(0, bytes), new Cursor(0, 0), 0, 0));
    }

    private static byte[] validation(Side to, int sequence) {
        return CdcCodec.encode(new CdcMessage(
                sequence, to.token, new Cursor(0, 0), new Cursor(0, 0), CdcFlags.FAILOVER_VALIDATION, 0));
    }

    @Test
    void shouldJudgeAValidationOnlyAfterTheQueueWasDrained() throws Exception {
        // the validation is polled in an earlier batch than the messages it speaks of
        try (Pair pair = new Pair(2000, 2000)) {
            Pair.Link one = pair.newLink(0);
            Pair.Link two = pair.newLink(0);
            pair.connect(one);
            Side.pair(two.a()).inject(validation(pair.b, 20));
            for (int i = 1; i <= 20; i++) {
                Side.pair(one.a()).inject(produced(pair.b, i, i));
            }
            pair.b.owner().loop.doWork();
            assertThat(pair.b.endpoint.isDoubtful()).isTrue();
            pair.settle(one, two);
            assertThat(pair.b.edges.violations).isEmpty();
            assertThat(readAll(pair.b)).isEqualTo(20);
        }
    }

    @Test
    void shouldJudgeAValidationOnlyAfterTheQueuesOfOtherOwnersWereDrained() throws Exception {
        try (Pair pair = new Pair(2000, 2000, 2)) {
            Pair.Link one = pair.newLink(0);
            Pair.Link two = pair.newLink(1);
            pair.connect(one);
            Side.Owner first = pair.b.owners.get(0);
            Side.Owner second = pair.b.owners.get(1);
            Side.pair(two.a()).inject(produced(pair.b, 1, 77));
            Side.pair(one.a()).inject(validation(pair.b, 1));
            first.settle();
            assertThat(pair.b.endpoint.isDoubtful()).isTrue();
            second.settle();
            first.settle();
            assertThat(pair.b.edges.violations).isEmpty();
            assertThat(second.loop.counters().get(Counter.CDC_FORWARDED)).isEqualTo(1);
            assertThat(readAll(pair.b)).isEqualTo(77);
        }
    }

    /** the message was passed on, and the link that it came on is gone, before the validation is polled. */
    @Test
    void shouldNotMissWhatAnOwnerPassedOnBeforeItsLastLinkWasDetached() throws Exception {
        try (Pair pair = new Pair(2000, 2000, 2)) {
            Pair.Link one = pair.newLink(0);
            Pair.Link two = pair.newLink(1);
            pair.connect(one);
            Side.Owner first = pair.b.owners.get(0);
            Side.Owner second = pair.b.owners.get(1);
            Side.pair(two.a()).inject(produced(pair.b, 1, 77));
            second.settle();
            assertThat(second.loop.counters().get(Counter.CDC_FORWARDED)).isEqualTo(1);
            TestInbox<Reply.LinkDetached> detached = TestInbox.create();
            second.tell(new Command.DetachLink(two.b(), Duration.ofSeconds(5), detached.getRef()));
            second.settle();
            assertThat(detached.hasMessages()).isTrue();
            Side.pair(one.a()).inject(validation(pair.b, 1));

            first.loop.doWork(); // polls the validation; its mailbox has to wait
            assertThat(pair.b.endpoint.isDoubtful()).isTrue();
            first.loop.doWork(); // sees its queue empty
            first.settle();
            second.settle();
            first.settle();

            assertThat(pair.b.edges.violations).isEmpty();
            assertThat(pair.b.endpoint.isDoubtful()).isFalse();
            assertThat(readAll(pair.b)).isEqualTo(77);
        }
    }

    @Test
    void shouldAbortWhenAValidationProvesALoss() throws Exception {
        try (Pair pair = new Pair(2000, 2000)) {
            Pair.Link one = pair.newLink(0);
            Pair.Link two = pair.newLink(0);
            pair.connect(one);
            Side.pair(one.b()).toError();
            pair.settle(two);
            Side.pair(two.a()).inject(validation(pair.b, 3));
            pair.settle(two);
            assertThat(pair.b.edges.violations).hasSize(1);
            // the abort goes out over the link that the peer uses
            pair.b.endpoint.sendStateFlags(CdcFlags.ABORT);
            pair.settle(two);
            assertThat(pair.a.edges.flags).containsExactly(CdcFlags.ABORT);
            assertThat(pair.b.endpoint.link()).isSameAs(two.b());
        }
    }

    @Test
    void shouldBreakTheLinkOnceWhenAPostIsRefused() throws Exception {
        // R-53; with 0, 1, 2 posts that still succeed: first write, second write or CDC refused
        for (int refuseAfter = 0; refuseAfter < 3; refuseAfter++) {
            try (Pair pair = new Pair(6000, 6000)) {
                Pair.Link one = pair.newLink(0);
                Pair.Link two = pair.newLink(0);
                pair.connect(one);
                pair.a.endpoint.tryWrite(DATA, 0, 4000);
                pair.settle(one);
                assertThat(readAll(pair.b)).isEqualTo(4000);
                pair.settle(one);
                Side.pair(one.a()).refusal = QueuePair.QUEUE_FULL;
                Side.pair(one.a()).refuseAfter = refuseAfter;
                pair.a.endpoint.tryWrite(DATA, 0, 3000); // goes round the end of both rings
                pair.settle(one);
                pair.a
                        .owner()
                        .device
                        .events
                        .add(new AsyncEvent.QueuePairFatal(one.a().queuePair().number()));
                pair.a.owner().loop.pollEvents();
                assertThat(one.heardA().failures).hasSize(1);
                move(pair.a, one.a(), two.a());
                TestInbox<Reply.LinkDetached> linkDetached = detach(pair.a, one.a());
                pair.settle(one, two);
                assertThat(linkDetached.receiveMessage().flushed()).isTrue();
                assertThat(readAll(pair.b)).isEqualTo(3000);
                TestInbox<Reply.EndpointDetached> detached = detach(pair.a);
                pair.settle(one, two);
                assertThat(detached.receiveMessage().quiet()).isTrue();
            }
        }
    }

    @Test
    void shouldDetachALinkOnlyAfterTheLastFlush() throws Exception {
        //
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            pair.a.owner().queue().withheld = true;
            TestInbox<Reply.LinkDetached> reply = detach(pair.a, link.a());
            pair.settle(link);
            assertThat(reply.hasMessages()).isFalse();
            pair.a.owner().queue().withheld = false;
            pair.settle(link);
            assertThat(reply.receiveMessage().flushed()).isTrue();
            assertThat(link.heardA().failures).isEmpty();
            assertThat(pair.a.routes.owners()).isEmpty();
        }
    }

    @Test
    void shouldSaySoWhenAFlushDoesNotComeInTime() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            pair.a.endpoint.tryWrite(DATA, 0, 100);
            pair.settle(link);
            pair.a.endpoint.tryWrite(DATA, 0, 100);
            pair.a.owner().queue().withheld = true;
            pair.a.owner().turn();
            TestInbox<Reply.LinkDetached> linkReply = detach(pair.a, link.a());
            TestInbox<Reply.EndpointDetached> reply = detach(pair.a);
            pair.settle(link);
            assertThat(reply.hasMessages()).isFalse();
            pair.a.owner().now += 2000;
            pair.settle(link);
            assertThat(linkReply.receiveMessage().flushed()).isFalse();
            assertThat(reply.receiveMessage().quiet()).isFalse();
            // what comes late is dropped: nothing of this incarnation reaches the next
            pair.a.owner().queue().withheld = false;
            pair.newLink(0);
            pair.settle(link);
            assertThat(pair.a.owner().loop.counters().get(Counter.STALE_COMPLETIONS))
                    .isPositive();
        }
    }

    @Test
    void shouldSendTheCloseOfADetachedEndpointOverTheLinkItIsMovedTo() throws Exception {
        // R-57 and its like: closing does not depend on data
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link one = pair.newLink(0);
            Pair.Link two = pair.newLink(0);
            pair.connect(one);
            Side.pair(one.a()).toError();
            pair.a.owner().turn();
            pair.a.endpoint.sendStateFlags(CdcFlags.CLOSED);
            TestInbox<Reply.EndpointDetached> reply = detach(pair.a);
            pair.settle(one, two);
            assertThat(reply.hasMessages()).isFalse();
            move(pair.a, one.a(), two.a());
            pair.settle(one, two);
            assertThat(pair.b.edges.flags).containsExactly(CdcFlags.CLOSED);
            assertThat(reply.receiveMessage().quiet()).isTrue();
        }
    }

    @Test
    void shouldNotWaitForEverToSendACloseOverABrokenLink() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            Side.pair(link.a()).toError();
            pair.settle(link);
            pair.a.endpoint.sendStateFlags(CdcFlags.CLOSED);
            TestInbox<Reply.EndpointDetached> reply = detach(pair.a);
            pair.settle(link);
            pair.a.owner().now += Duration.ofSeconds(1).toNanos();
            pair.settle(link);
            assertThat(reply.receiveMessage().quiet()).isTrue();
        }
    }

    @Test
    void shouldTellThePeerAnAbortWhenAcceptedDataIsThrownAway() throws Exception {
        try (Pair pair = new Pair(1000, 500)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            pair.a.endpoint.tryWrite(DATA, 0, 900);
            pair.a.endpoint.sendStateFlags(CdcFlags.CLOSED);
            pair.settle(link);
            assertThat(pair.b.edges.flags).isEmpty();
            detach(pair.a);
            pair.settle(link);
            assertThat(pair.b.edges.flags).containsExactly(CdcFlags.CLOSED | CdcFlags.ABORT);
        }
    }

    @Test
    void shouldFailEveryLinkWhenTheDeviceIsLost() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link one = pair.newLink(0);
            Pair.Link two = pair.newLink(0);
            pair.a.owner().device.events.add(new AsyncEvent.PortDown(2));
            pair.a.owner().device.events.add(new AsyncEvent.DeviceFatal("unplugged"));
            pair.a.owner().loop.pollEvents();
            assertThat(one.heardA().failures).hasSize(1);
            assertThat(two.heardA().failures).hasSize(1);
            assertThat(pair.a.owner().deviceEvents).containsExactly("down 2", "fatal unplugged");
        }
    }

    @Test
    void shouldQueueLlcMessagesInOrderAndRefuseBeyondTheBound() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            List<TestInbox<Reply.LlcSent>> replies = new ArrayList<>();
            for (int i = 0; i < OwnedLink.LLC_SLOTS + OwnedLink.LLC_QUEUE + 1; i++) {
                TestInbox<Reply.LlcSent> reply = TestInbox.create();
                replies.add(reply);
                byte[] message = new byte[44];
                message[1] = (byte) i;
                pair.a.owner().loop.execute(new Command.SendLlc(link.a(), message, reply.getRef()));
            }
            assertThat(replies.getLast().receiveMessage().sent()).isFalse();
            pair.settle(link);
            for (int i = 0; i < replies.size() - 1; i++) {
                assertThat(replies.get(i).receiveMessage().sent()).isTrue();
                assertThat(link.heardB().llc.get(i)[1]).isEqualTo((byte) i);
            }
        }
    }

    @Test
    void shouldAnswerWaitingLlcMessagesWhenTheLinkBreaks() throws Exception {
        //
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            List<TestInbox<Reply.LlcSent>> replies = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                TestInbox<Reply.LlcSent> reply = TestInbox.create();
                replies.add(reply);
                pair.a.owner().loop.execute(new Command.SendLlc(link.a(), new byte[44], reply.getRef()));
            }
            Side.pair(link.a()).toError();
            pair.settle(link);
            replies.forEach(reply -> assertThat(reply.receiveMessage().sent()).isFalse());
        }
    }

    @Test
    void shouldServeEndpointsWaitingForASlotInTurn() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            List<SmcrEndpoint> more = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                SmcrEndpoint endpoint =
                        new SmcrEndpoint(100 + i, pair.a.sendBuffer, pair.a.rmb, pair.a.edges, new WaitSettings(0, 1));
                TestInbox<Reply.EndpointAttached> reply = TestInbox.create();
                pair.a.owner().loop.execute(new Command.AttachEndpoint(endpoint, link.a(), reply.getRef()));
                pair.a.owner().loop.execute(new Command.OpenEndpoint(endpoint, pair.aSeesB));
                assertThat(reply.receiveMessage().accepted()).isTrue();
                endpoint.sendStateFlags(CdcFlags.DONE_WRITING);
                more.add(endpoint);
            }
            for (int i = 0; i < 10; i++) {
                pair.a.owner().turn();
            }
            assertThat(pair.a.owner().loop.counters().get(Counter.CDC_SENT)).isEqualTo(OwnedLink.CDC_SLOTS);
            pair.settle(link);
            assertThat(pair.a.owner().loop.counters().get(Counter.CDC_SENT)).isEqualTo(30);
            more.forEach(endpoint -> assertThat(endpoint.flagsOutstanding()).isFalse());
        }
    }

    @Test
    void shouldRefuseATokenThatIsInUse() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            SmcrEndpoint twin =
                    new SmcrEndpoint(pair.a.token, pair.a.sendBuffer, pair.a.rmb, pair.a.edges, new WaitSettings(0, 1));
            TestInbox<Reply.EndpointAttached> reply = TestInbox.create();
            pair.a.owner().loop.execute(new Command.AttachEndpoint(twin, link.a(), reply.getRef()));
            assertThat(reply.receiveMessage().accepted()).isFalse();
        }
    }

    @Test
    void shouldGoRoundMoreOftenThanTheWrapCounterCanSay() throws Exception {
        try (Pair pair = new Pair(16, 16)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            byte[] target = new byte[32];
            for (int i = 0; i < 66_000; i++) {
                assertThat(pair.a.endpoint.tryWrite(DATA, 0, 16)).isEqualTo(16);
                pair.settle(link);
                assertThat(pair.b.endpoint.tryRead(MemorySegment.ofArray(target), 0, 32))
                        .isEqualTo(16);
                pair.settle(link);
            }
            assertThat(pair.b.edges.violations).isEmpty();
            assertThat(pair.a.edges.violations).isEmpty();
        }
    }

    @Test
    void shouldSleepWhenIdleAndWakeForDataAndCommands() throws Exception {
        FakeFabric fabric = new FakeFabric();
        FakeDevice device = new FakeDevice(fabric);
        DeviceContext context = DeviceContext.open(device, 10);
        List<Command> mailbox = new ArrayList<>();
        OwnerLoop loop = new OwnerLoop(
                context,
                new OwnerSettings(8, 0, 0, Duration.ofMillis(1)),
                new DeviceListener() {
                    @Override
                    public void portDown(int port) {}

                    @Override
                    public void portUp(int port) {}

                    @Override
                    public void deviceFatal(String reason) {}
                },
                mailbox::add,
                () -> 0);
        FakeQueue queue = (FakeQueue) context.completionQueue();
        loop.sleep();
        assertThat(queue.awaits).isEqualTo(1);
        assertThat(queue.lastAwait).as("no link to look after").isEqualTo(10_000_000);
        loop.handle().tell(new Command.Stop());
        loop.sleep(); // a command waits: does not sleep
        assertThat(queue.awaits).isEqualTo(1);
        loop.execute(mailbox.removeFirst());
        loop.sleep();
        assertThat(queue.awaits).isEqualTo(2);
    }
}
