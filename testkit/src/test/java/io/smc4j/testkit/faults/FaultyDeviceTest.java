package io.smc4j.testkit.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.SmcException;
import io.smc4j.SmcServerChannel;
import io.smc4j.Transport;
import io.smc4j.TransportPreference;
import io.smc4j.protocol.llc.LlcType;
import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.PortState;
import io.smc4j.rdma.RdmaException;
import io.smc4j.testkit.junit.Client;
import io.smc4j.testkit.junit.Server;
import io.smc4j.testkit.junit.SmcTest;
import io.smc4j.testkit.node.NodePair;
import io.smc4j.testkit.time.TestClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each fault does what it says, to a real connection; and nothing leaks, whatever was done. */
@SmcTest
class FaultyDeviceTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static NodePair.Ends connect(NodePair pair, SmcServerChannel listener) throws Exception {
        NodePair.Ends ends = pair.connect(listener, TransportPreference.SMC_R);
        assertThat(ends.client().info().transport()).isEqualTo(Transport.SMC_R);
        return ends;
    }

    /** Waits until both ends have two links. */
    private static void awaitTwoLinks(NodePair.Ends ends) {
        Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(ends.client().info().linkGroup().orElseThrow().links()).hasSize(2);
            assertThat(ends.server().info().linkGroup().orElseThrow().links()).hasSize(2);
        });
    }

    @Test
    void shouldDelayAMessageUntilItIsReleased(NodePair pair, SmcServerChannel listener, @Client FaultyDevices devices)
            throws Exception {
        NodePair.Ends ends = connect(pair, listener);
        Fault held = devices.script().on(Point.POST_SEND).cdc().hold();
        ends.client().write(ByteBuffer.wrap(new byte[] {7}));
        held.awaitStruck(LIMIT);
        assertThat(ends.server().tryRead(ByteBuffer.allocate(1))).isZero();
        assertThat(devices.rdma().queuePairs()).isNotEmpty();

        held.release();
        ByteBuffer got = ByteBuffer.allocate(1);
        assertThat(ends.server().read(got)).isEqualTo(1);
        assertThat(got.get(0)).isEqualTo((byte) 7);
        assertThat(pair.log().count(FaultKind.SEND_DELAYED)).isEqualTo(1);
        assertThat(FaultKind.SEND_DELAYED.direction()).isEqualTo(FaultKind.Direction.OUTGOING);
    }

    @Test
    @SmcTest(clock = SmcTest.Clock.STANDING)
    void shouldDelayForATimeOnTheInjectedClock(
            NodePair pair, SmcServerChannel listener, @Client FaultyDevices devices, TestClock clock) throws Exception {
        NodePair.Ends ends = connect(pair, listener);
        Fault late = devices.script().on(Point.POST_SEND).cdc().delay(Duration.ofHours(1));
        ends.client().write(ByteBuffer.wrap(new byte[] {7}));
        late.awaitStruck(LIMIT);
        clock.advance(Duration.ofMinutes(59));
        assertThat(ends.server().tryRead(ByteBuffer.allocate(1))).isZero();
        clock.advance(Duration.ofMinutes(1));
        assertThat(ends.server().read(ByteBuffer.allocate(1))).isEqualTo(1);
    }

    @Test
    void shouldLoseAMessageThatSeemsSent(NodePair pair, SmcServerChannel listener, @Client FaultyDevices devices)
            throws Exception {
        NodePair.Ends ends = connect(pair, listener);
        Fault lost = devices.script().on(Point.POST_SEND).cdc().drop();
        ends.client().write(ByteBuffer.wrap(new byte[] {1}));
        lost.awaitStruck(LIMIT);
        ends.client().write(ByteBuffer.wrap(new byte[] {2})); // its CDC message tells of both bytes
        assertThat(twoBytes(ends)).containsExactly(1, 2);
        assertThat(pair.log().count(FaultKind.SEND_DROPPED)).isEqualTo(1);
    }

    @Test
    void shouldLoseAMessageThatNeverCompletes(NodePair pair, SmcServerChannel listener, @Client FaultyDevices devices)
            throws Exception {
        NodePair.Ends ends = connect(pair, listener);
        awaitTwoLinks(ends);
        AtomicInteger struck = new AtomicInteger();
        Fault lost = devices.script()
                .on(Point.POST_SEND)
                .cdc()
                .matching(operation -> struck.compareAndSet(0, operation.queuePair()))
                .dropWithoutCompletion();
        ends.client().write(ByteBuffer.wrap(new byte[] {1, 2}));
        lost.awaitStruck(LIMIT);
        assertThat(ends.server().tryRead(ByteBuffer.allocate(1))).isZero();
        assertThat(devices.rdma().breakQueuePair(struck.get()))
                .isTrue(); // what never completed is flushed, and sent again
        assertThat(twoBytes(ends)).containsExactly(1, 2);
        assertThat(ends.client().info().failovers()).isEqualTo(1);
    }

    private static byte[] twoBytes(NodePair.Ends ends) throws SmcException {
        ByteBuffer got = ByteBuffer.allocate(2);
        while (got.hasRemaining()) {
            assertThat(ends.server().read(got)).isPositive();
        }
        return got.array();
    }

    @Test
    void shouldLoseAMessageOnArrival(NodePair pair, SmcServerChannel listener, @Server FaultyDevices devices)
            throws Exception {
        NodePair.Ends ends = connect(pair, listener);
        Fault lost = devices.script().on(Point.RECEIVED).cdc().drop();
        ends.client().write(ByteBuffer.wrap(new byte[] {1}));
        lost.awaitStruck(LIMIT);
        Bytes.write(ends.client(), 1);
        ByteBuffer got = ByteBuffer.allocate(2);
        while (got.hasRemaining()) {
            assertThat(ends.server().read(got)).isPositive();
        }
        assertThat(pair.log().count(FaultKind.RECEIVE_DROPPED)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SENT", "RECEIVED"})
    void shouldShowCompletionsTwice(
            Point point, NodePair pair, SmcServerChannel listener, @Client FaultyDevices devices) throws Exception {
        NodePair.Ends ends = connect(pair, listener);
        Fault twice = devices.script().on(point).always().duplicate();
        Bytes.exchange(ends.client(), ends.server(), 300_000);
        Bytes.exchange(ends.server(), ends.client(), 300_000);
        assertThat(twice.struck()).isPositive();
        assertThat(pair.log().count(FaultKind.COMPLETION_DUPLICATED)).isEqualTo(twice.struck());
    }

    @Test
    void shouldShowACompletionOnceMoreAfterItsQueuePairIsGone(
            NodePair pair, SmcServerChannel listener, @Client FaultyDevices devices) throws Exception {
        NodePair.Ends ends = connect(pair, listener);
        awaitTwoLinks(ends);
        Fault stray = devices.script()
                .on(Point.SENT)
                .cdc()
                .matching(o -> true)
                .always()
                .duplicateLater();
        Fault any = devices.script().on(Point.SENT).always().duplicateLater();
        Bytes.exchange(ends.client(), ends.server(), 1000);
        Awaitility.await().atMost(LIMIT).until(() -> stray.struck() + any.struck() > 0);
        int number = devices.rdma().queuePairs().getFirst().number();
        devices.rdma().setPortState(devices.rdma().queuePairs().getFirst().port(), PortState.DOWN);
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> devices.rdma().queuePairs().stream().noneMatch(queuePair -> queuePair.number() == number));
        stray.cancel();
        any.cancel();
        Bytes.exchange(ends.client(), ends.server(), 1000);
    }

    @Test
    void shouldHoldOneQueuePairWhileAnotherGoesOn(
            NodePair pair, SmcServerChannel listener, @Server FaultyDevices devices) throws Exception {
        NodePair.Ends first = connect(pair, listener);
        awaitTwoLinks(first);
        NodePair.Ends second = connect(pair, listener); // on the other link, as load is spread
        Fault held = devices.script().on(Point.RECEIVED).onPort(1).cdc().hold();
        CompletableFuture<NodePair.Ends> overtaker = new CompletableFuture<>();
        first.server().onReadable(() -> overtaker.complete(first));
        second.server().onReadable(() -> overtaker.complete(second));
        Bytes.write(first.client(), 1000);
        Bytes.write(second.client(), 1000);
        NodePair.Ends one = overtaker.get(20, TimeUnit.SECONDS);
        held.awaitStruck(LIMIT);
        NodePair.Ends other = one == first ? second : first;
        assertThat(other.server().tryRead(ByteBuffer.allocate(1))).isZero();
        Bytes.read(one.server(), 1000);
        held.release();
        Bytes.read(other.server(), 1000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"WR_FLUSH_ERR", "RETRY_EXC_ERR", "REM_ACCESS_ERR", "GENERAL_ERR"})
    void shouldFailOverWhenACompletionHasAnotherStatus(
            CompletionStatus status, NodePair pair, SmcServerChannel listener, @Client FaultyDevices devices)
            throws Exception {
        NodePair.Ends ends = connect(pair, listener);
        awaitTwoLinks(ends);
        Fault wrong = devices.script().on(Point.SENT).onNthQueuePair(1).status(status);
        Bytes.exchange(ends.client(), ends.server(), 200_000);
        wrong.awaitStruck(LIMIT);
        Awaitility.await().atMost(LIMIT).until(() -> ends.client().info().failovers() > 0);
        Bytes.exchange(ends.server(), ends.client(), 200_000);
    }

    @Test
    void shouldBreakAQueuePairInTheMiddleOfAPost(
            NodePair pair, SmcServerChannel listener, @Client FaultyDevices devices) throws Exception {
        NodePair.Ends ends = connect(pair, listener);
        awaitTwoLinks(ends);
        Fault broken = devices.script().on(Point.POST_SEND).writes().nth(2).breakQueuePair();
        Bytes.exchange(ends.client(), ends.server(), 2_000_000);
        broken.awaitStruck(LIMIT);
        assertThat(pair.log().count(FaultKind.QUEUE_PAIR_BROKEN)).isEqualTo(1);
        Awaitility.await().atMost(LIMIT).until(() -> ends.client().info().failovers() > 0);
    }

    @Test
    void shouldWithholdTheFlushOfABrokenQueuePair(
            NodePair pair, SmcServerChannel listener, @Client FaultyDevices devices) throws Exception {
        NodePair.Ends ends = connect(pair, listener);
        awaitTwoLinks(ends);
        Fault flush = devices.script().on(Point.RECEIVED).flushes().always().hold();
        var queuePair = devices.rdma().queuePairs().getFirst();
        devices.rdma().breakQueuePair(queuePair.number());
        flush.awaitStruck(LIMIT);
        Bytes.exchange(ends.client(), ends.server(), 100_000);
        assertThat(devices.rdma().queuePairs()).anyMatch(qp -> qp.number() == queuePair.number());
        flush.release();
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> devices.rdma().queuePairs().stream().noneMatch(qp -> qp.number() == queuePair.number()));
    }

    @ParameterizedTest
    @SmcTest("smc4j.clc.decline-wait = 200 ms")
    @ValueSource(strings = {"REGISTER", "CREATE_QUEUE_PAIR", "TO_RTR", "TO_RTS"})
    void shouldFallBackToTcpWhenTheDeviceRefuses(
            Point point, NodePair pair, SmcServerChannel listener, @Server FaultyDevices devices) throws Exception {
        Fault refused = devices.script().on(point).fail(RdmaException.Category.OUT_OF_RESOURCES);
        NodePair.Ends ends = pair.connect(listener, TransportPreference.SMC_R);
        assertThat(refused.struck()).isEqualTo(1);
        assertThat(ends.client().info().transport()).isEqualTo(Transport.TCP);
        Bytes.exchange(ends.client(), ends.server(), 1000);
        assertThat(connect(pair, listener)).isNotNull();
    }

    @Test
    void shouldFailOverWhenAPortGoesDownByScript(
            NodePair pair, SmcServerChannel listener, @Server FaultyDevices devices) throws Exception {
        NodePair.Ends ends = connect(pair, listener);
        awaitTwoLinks(ends);
        Fault down = devices.script().on(Point.RECEIVED).cdc().nth(2).portDown();
        Bytes.exchange(ends.client(), ends.server(), 2_000_000);
        down.awaitStruck(LIMIT);
        assertThat(pair.log().count(FaultKind.PORT_DOWN)).isEqualTo(1);
        assertThat(devices.rdma().ports()).anyMatch(port -> port.state() == PortState.DOWN);
    }

    @Test
    void shouldEndConnectionsWhenTheDeviceIsRemovedAndServeNewOnesWhenItIsBack(
            NodePair pair, SmcServerChannel listener, @Server FaultyDevice device) throws Exception {
        NodePair.Ends ends = connect(pair, listener);
        device.remove("pulled out");
        assertThat(failureOfReading(ends.server()).category()).isEqualTo(SmcException.Category.RECONNECT);
        assertThat(failureOfReading(ends.client()).category()).isEqualTo(SmcException.Category.RECONNECT);
        assertThat(device.isRemoved()).isTrue();
        NodePair.Ends without = pair.connect(listener, TransportPreference.SMC_R);
        assertThat(without.client().info().transport()).isEqualTo(Transport.TCP);
        device.putBack();
        Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(pair.connect(listener, TransportPreference.SMC_R)
                                .client()
                                .info()
                                .transport())
                        .isEqualTo(Transport.SMC_R));
    }

    @Test
    void shouldStormThePeerWithReceiverNotReady(NodePair pair, SmcServerChannel listener, @Server FaultyDevices devices)
            throws Exception {
        NodePair.Ends ends = connect(pair, listener);
        Fault storm = devices.script().on(Point.POST_RECEIVE).always().hold();
        try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
            var exchange = threads.submit(() -> {
                for (int i = 0; i < 100; i++) {
                    Bytes.exchange(ends.client(), ends.server(), 1);
                }
                return true;
            });
            storm.awaitStruck(40, LIMIT);
            storm.release();
            assertThat(exchange.get(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(pair.log().count(FaultKind.RECEIVER_NOT_READY)).isGreaterThanOrEqualTo(40);
    }

    @Test
    void shouldCompleteASendBeforeItsPostReturns(
            NodePair pair, SmcServerChannel listener, @Client FaultyDevices devices) throws Exception {
        NodePair.Ends ends = connect(pair, listener);
        var _ = devices.script().on(Point.POST_SEND).cdc().always().completeInsidePost();
        Bytes.exchange(ends.client(), ends.server(), 300_000);
        assertThat(pair.log().count(FaultKind.COMPLETED_INSIDE_POST)).isPositive();
    }

    @Test
    void shouldLetALateWriteInWhileTheKeyIsGoodAndKeepItOutAfterwards(
            NodePair pair, SmcServerChannel listener, @Client FaultyDevices devices, @Server FaultyDevice receiver)
            throws Exception {
        NodePair.Ends ends = connect(pair, listener);
        Fault captured = devices.script().on(Point.POST_SEND).capture();
        Bytes.exchange(ends.client(), ends.server(), 1000);
        captured.awaitStruck(LIMIT);
        LateWrite write = captured.writes().getFirst();
        assertThat(write.payload()).hasSizeGreaterThan(0);
        assertThat(write.arriveAt(receiver)).isTrue();
        assertThat(write.replay().toCompletableFuture().get(20, TimeUnit.SECONDS))
                .isEqualTo(CompletionStatus.SUCCESS);
        ends.client().abort();
        ends.server().abort();
        pair.client().smc().shutdown().toCompletableFuture().get(20, TimeUnit.SECONDS);
        pair.server().smc().shutdown().toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(write.arriveAt(receiver)).isFalse();
        assertThat(pair.log().count(FaultKind.WRITE_REPLAYED)).isEqualTo(3);
    }

    @Test
    void shouldRefuseAPost(NodePair pair, SmcServerChannel listener, @Client FaultyDevices devices) throws Exception {
        NodePair.Ends ends = connect(pair, listener);
        awaitTwoLinks(ends);
        Fault refused = devices.script().on(Point.POST_SEND).cdc().refuse(io.smc4j.rdma.QueuePair.INVALID_REQUEST);
        Bytes.exchange(ends.client(), ends.server(), 100_000);
        refused.awaitStruck(LIMIT);
        Awaitility.await().atMost(LIMIT).until(() -> ends.client().info().failovers() > 0);
    }

    @Test
    void shouldStrikeOneLlcMessage(NodePair pair, SmcServerChannel listener, @Server FaultyDevices devices)
            throws Exception {
        Fault delayed = devices.script()
                .on(Point.POST_SEND)
                .llc(LlcType.CONFIRM_LINK, false)
                .hold();
        var connecting = pair.client()
                .smc()
                .connect(
                        listener.localAddress(),
                        io.smc4j.ConnectOptions.defaults().withTransport(TransportPreference.SMC_R));
        delayed.awaitStruck(LIMIT);
        assertThat(connecting.toCompletableFuture()).isNotDone();
        delayed.release();
        assertThat(connecting
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS)
                        .info()
                        .transport())
                .isEqualTo(Transport.SMC_R);
    }

    private static SmcException failureOfReading(io.smc4j.SmcChannel channel) {
        try {
            while (channel.read(ByteBuffer.allocate(100)) >= 0) {
                // what came before
            }
        } catch (SmcException e) {
            return e;
        }
        throw new AssertionError("the stream ended in order");
    }
}
