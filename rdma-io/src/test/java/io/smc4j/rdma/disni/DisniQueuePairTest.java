package io.smc4j.rdma.disni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.rdma.AsyncEvent;
import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.DeviceOptions;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.QueuePairState;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaGid;
import io.smc4j.rdma.RtrAttributes;
import io.smc4j.rdma.RtsAttributes;
import io.smc4j.rdma.SendWorkRequest;
import io.smc4j.rdma.VerbsNode;
import io.smc4j.rdma.WorkCompletion;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The device's own work, over a fake rdma_cm: how queue pairs meet, and what happens to requests before, during and after. */
class DisniQueuePairTest {
    private static final RtsAttributes RTS = RtsAttributes.linux(1);

    @TempDir
    Path directory;

    private final FakeFabric fabric = new FakeFabric();
    private VerbsNode a;
    private VerbsNode b;
    private QueuePair qa;
    private QueuePair qb;

    @BeforeEach
    void open() throws Exception {
        DisniProvider provider = new DisniProvider(FakeSys.in(directory), () -> null, () -> fabric);
        a = new VerbsNode(provider.open("rxe0", DeviceOptions.defaults()));
        b = new VerbsNode(provider.open("rxe0", DeviceOptions.defaults()));
        qa = a.createQueuePair();
        qb = b.createQueuePair();
        qa.toInit(1);
        qb.toInit(1);
    }

    @AfterEach
    void shouldLeaveNothingBehind() {
        a.close();
        b.close();
        assertThat(fabric.pairsOpen).isZero();
    }

    private void towards(QueuePair from, VerbsNode node, int number) throws RdmaException {
        from.toRtr(VerbsNode.towards(node.device.port(1), number, 1));
    }

    private void connect() throws RdmaException {
        towards(qa, b, qb.number());
        towards(qb, a, qa.number());
        qa.toRts(RTS);
        qb.toRts(RTS);
    }

    private void until(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            a.poll();
            b.poll();
            assertThat(System.nanoTime() - start)
                    .describedAs("a %s, b %s", a.completions, b.completions)
                    .isLessThan(TimeUnit.SECONDS.toNanos(20));
        }
    }

    private InetSocketAddress addressOf(QueuePair queuePair) {
        return CmNumber.address(a.device.port(1).gid(), queuePair.number());
    }

    @Test
    void shouldDeliverIntoReceivesPostedBeforeThePeersMet() throws Exception {
        assertThat(qb.postReceive(7, 0x1000, 64, 1)).isEqualTo(QueuePair.OK);
        connect();
        assertThat(qa.postSend(a.request.send(5, SendWorkRequest.SIGNALED).gather(0x2000, 44, 1)))
                .isEqualTo(QueuePair.OK);
        until(() -> !b.completions.isEmpty() && !a.completions.isEmpty());
        assertThat(b.completions)
                .containsExactly(new WorkCompletion(7, CompletionStatus.SUCCESS, qb.number(), 44, true));
        assertThat(a.completions)
                .containsExactly(new WorkCompletion(5, CompletionStatus.SUCCESS, qa.number(), 0, false));
        assertThat(qa.outstanding() + qb.outstanding()).isZero();
    }

    @Test
    void shouldMeetInWhicheverOrderTheNumbersBecomeKnown() throws Exception {
        towards(qb, a, qa.number());
        towards(qa, b, qb.number());
        qb.toRts(RTS);
        qa.toRts(RTS);
        assertThat(qa.state()).isEqualTo(QueuePairState.RTS);
        assertThat(qb.state()).isEqualTo(QueuePairState.RTS);
    }

    @Test
    void shouldRejectStrangersAndStillMeetThePeer() throws Exception {
        FakeFabric.FakeId early = fabric.stranger(addressOf(qb));
        towards(qb, a, qa.number());
        assertThat(early.channel.next(20_000).type()).isEqualTo(Jverbs.EventType.REJECTED);
        FakeFabric.FakeId late = fabric.stranger(addressOf(qb));
        assertThat(late.channel.next(20_000).type()).isEqualTo(Jverbs.EventType.REJECTED);
        towards(qa, b, qb.number());
        qb.toRts(RTS);
        qa.toRts(RTS);
    }

    @Test
    void shouldKeepOnlyAFewRequestsThatCameTooEarly() throws Exception {
        FakeFabric.FakeId last = null;
        for (int i = 0; i <= Rendezvous.MOST_EARLY; i++) {
            last = fabric.stranger(addressOf(qb));
        }
        assertThat(last.channel.next(20_000).type()).isEqualTo(Jverbs.EventType.REJECTED);
    }

    @Test
    void shouldSayThatThePeerIsNotThere() throws Exception {
        int nobody = CmNumber.of(65_000, 0);
        towards(qa, b, nobody);
        assertThatThrownBy(() -> qa.toRts(RTS))
                .isInstanceOf(RdmaException.class)
                .hasMessageContaining("65000")
                .hasMessageContaining("REJECTED")
                .extracting(e -> ((RdmaException) e).category())
                .isEqualTo(RdmaException.Category.UNREACHABLE);
    }

    @Test
    void shouldRefuseAPeerThatIsNoDisniDevice() {
        RtrAttributes other = new RtrAttributes(new RdmaGid(0xfe80L << 48, 1), 0, 0x123456, 1, 1024, 1, 5);
        assertThatThrownBy(() -> qa.toRtr(other)).hasMessageContaining("not of a disni device");
        assertThat(qa.state()).isEqualTo(QueuePairState.INIT);
    }

    @Test
    void shouldFlushWhatNeverReachedTheAdapter() {
        qa.postReceive(1, 0x1000, 64, 1);
        qa.toError();
        qa.postReceive(2, 0x1000, 64, 1);
        qa.postSend(a.request.send(3, SendWorkRequest.SIGNALED).gather(0x2000, 4, 1));
        until(() -> a.completions.size() == 3);
        assertThat(a.completions).extracting(WorkCompletion::status).containsOnly(CompletionStatus.WR_FLUSH_ERR);
        assertThat(a.completions).extracting(WorkCompletion::id).containsExactlyInAnyOrder(1L, 2L, 3L);
        assertThat(qa.outstanding()).isZero();
    }

    @Test
    void shouldBreakWhenThePeerIsGone() throws Exception {
        connect();
        qa.postReceive(1, 0x1000, 64, 1);
        qb.close();
        until(() -> a.completions.size() == 1);
        assertThat(a.completions.getFirst().status()).isEqualTo(CompletionStatus.WR_FLUSH_ERR);
        until(() -> qa.state() == QueuePairState.ERROR);
        assertThat(a.events()).containsExactly(new AsyncEvent.QueuePairFatal(qa.number()));
    }

    @Test
    void shouldTellThePeerThatARequestBrokeTheConnection() throws Exception {
        connect();
        qa.postSend(a.request.send(1, SendWorkRequest.SIGNALED).gather(0x2000, 4, 1));
        until(() -> qb.state() == QueuePairState.ERROR);
        assertThat(a.completions.getFirst().status()).isEqualTo(CompletionStatus.RNR_RETRY_EXC_ERR);
        assertThat(qa.state()).isEqualTo(QueuePairState.ERROR);
        assertThat(b.events()).containsExactly(new AsyncEvent.QueuePairFatal(qb.number()));
        assertThat(a.events()).isEmpty();
    }

    @Test
    void shouldReuseTheCallOfABufferThatIsPostedAgain() throws Exception {
        connect();
        for (int i = 0; i < 100; i++) {
            int done = i;
            assertThat(qb.postReceive(i, 0x1000 + 64L * (i % 4), 64, 1)).isEqualTo(QueuePair.OK);
            qa.postSend(a.request.send(i, SendWorkRequest.SIGNALED).gather(0x2000, 4, 1));
            until(() -> b.completions.size() > done && a.completions.size() > done);
        }
        assertThat(fabric.receiveCallsMade).isEqualTo(4);
        assertThat(b.completions).extracting(WorkCompletion::id).contains(0L, 99L);
    }

    @Test
    void shouldEndAWaitWhenSomethingCompletes() throws Exception {
        connect();
        qb.postReceive(1, 0x1000, 64, 1);
        b.queue.arm();
        qa.postSend(a.request.send(1, 0).gather(0x2000, 4, 1));
        long start = System.nanoTime();
        b.queue.await(TimeUnit.SECONDS.toNanos(20));
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));
        until(() -> b.completions.size() == 1);
    }

    @Test
    void shouldEndAWaitThatWasWokenBeforeItBegan() {
        b.queue.arm();
        b.queue.wakeUp();
        long start = System.nanoTime();
        b.queue.await(TimeUnit.SECONDS.toNanos(20));
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));
    }
}
