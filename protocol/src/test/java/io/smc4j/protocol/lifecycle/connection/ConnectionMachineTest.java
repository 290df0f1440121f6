package io.smc4j.protocol.lifecycle.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.protocol.lifecycle.connection.ConnectionEffect.CancelDrain;
import io.smc4j.protocol.lifecycle.connection.ConnectionEffect.DropPassiveReference;
import io.smc4j.protocol.lifecycle.connection.ConnectionEffect.EndInput;
import io.smc4j.protocol.lifecycle.connection.ConnectionEffect.FailApplication;
import io.smc4j.protocol.lifecycle.connection.ConnectionEffect.Release;
import io.smc4j.protocol.lifecycle.connection.ConnectionEffect.RequestDrain;
import io.smc4j.protocol.lifecycle.connection.ConnectionEffect.ResetTcp;
import io.smc4j.protocol.lifecycle.connection.ConnectionEffect.SendStateFlags;
import io.smc4j.protocol.lifecycle.connection.ConnectionEffect.ShutdownTcpBoth;
import io.smc4j.protocol.lifecycle.connection.ConnectionEffect.ShutdownTcpOutput;
import io.smc4j.protocol.lifecycle.connection.ConnectionEffect.StopInput;
import io.smc4j.protocol.lifecycle.connection.ConnectionEffect.StopOutput;
import io.smc4j.protocol.lifecycle.connection.ConnectionEffect.WakeAll;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent.AppClose;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent.AppShutdownWrite;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent.DrainDeadline;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent.Drained;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent.HandshakeCompleted;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent.HandshakeFailed;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent.Kill;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent.PeerFlags;
import io.smc4j.protocol.lifecycle.connection.EndReason.Closer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the table of phases does not show: the other effects and their order, drains, and the reason of the end. */
final class ConnectionMachineTest {
    private static final PeerFlags D = PeerFlags.of(StateFlags.DONE_WRITING);
    private static final PeerFlags C = PeerFlags.of(StateFlags.CLOSED);
    private static final PeerFlags A = PeerFlags.of(StateFlags.ABORT);
    private static final AppClose CLOSE_NOW = new AppClose(false, 0);
    private static final AppShutdownWrite SHUTDOWN_NOW = new AppShutdownWrite(0);

    private long now = Long.MAX_VALUE - 5; // a monotonic clock may wrap
    private ConnectionState state = ConnectionMachine.step(ConnectionState.initial(), new HandshakeCompleted(), now)
            .state();

    private List<ConnectionEffect> step(ConnectionEvent event) {
        ConnectionMachine.Step step = ConnectionMachine.step(state, event, now);
        state = step.state();
        return step.effects();
    }

    private static Release orderly(Closer closer) {
        return new Release(new EndReason.ClosedOrderly(closer));
    }

    @Test
    void shouldDrainThenCloseThenWaitForThePeersClose() {
        long deadline = now + ConnectionMachine.DRAIN_NANOS;
        assertThat(step(new AppClose(false)))
                .containsExactly(new StopInput(), new StopOutput(), new RequestDrain(deadline));
        assertThat(state.maySend()).isEqualTo(Permission.ENDED);
        assertThat(step(new Drained(false)))
                .containsExactly(new CancelDrain(), new SendStateFlags(StateFlags.CLOSED), new ShutdownTcpBoth());
        assertThat(step(C))
                .containsExactly(new EndInput(), new DropPassiveReference(), new WakeAll(), orderly(Closer.US));
    }

    @Test
    void shouldAbortInsteadOfCloseWhenInputIsUnreadAtTheMomentTheFlagIsSent() {
        step(new AppClose(false));
        assertThat(step(new Drained(true))).contains(new SendStateFlags(StateFlags.ABORT));
        assertThat(step(A)).last().isEqualTo(new Release(new EndReason.AbortedLocally(AbortCause.UNREAD_INPUT)));
    }

    @Test
    void shouldNotAbortWhenInputWasReadDuringTheDrain() {
        step(new AppClose(true));
        assertThat(step(new Drained(false))).contains(new SendStateFlags(StateFlags.CLOSED));
    }

    @Test
    void shouldEndTheDrainAtItsDeadlineAndNotBefore() {
        step(new AppShutdownWrite());
        long deadline = now + ConnectionMachine.DRAIN_NANOS;
        now = deadline - 1;
        assertThat(step(new DrainDeadline(false))).containsExactly(new RequestDrain(deadline));
        now = deadline;
        assertThat(step(new DrainDeadline(false)))
                .containsExactly(
                        new CancelDrain(), new SendStateFlags(StateFlags.DONE_WRITING), new ShutdownTcpOutput());
    }

    @Test
    void shouldKeepTheNearerDeadlineWhenACloseOvertakesAShutdown() {
        step(new AppShutdownWrite(50));
        assertThat(step(new AppClose(false, 100))).containsExactly(new StopInput());
        now += 50;
        assertThat(step(new DrainDeadline(false))).contains(new SendStateFlags(StateFlags.CLOSED));
    }

    @Test
    void shouldHurryAShutdownsDrainWhenTheCloseIsToBeQuicker() {
        step(new AppShutdownWrite(50));
        assertThat(step(new AppClose(false, 10))).containsExactly(new StopInput(), new RequestDrain(now + 10));
    }

    @Test
    void shouldStopDrainingWhenThePeerClosedBecauseNobodyReadsThere() {
        step(new AppClose(false));
        assertThat(step(C)).containsExactly(new EndInput(), new RequestDrain(now), new WakeAll());
        assertThat(step(new DrainDeadline(true)))
                .containsExactly(
                        new CancelDrain(),
                        new SendStateFlags(StateFlags.ABORT),
                        new DropPassiveReference(),
                        new Release(new EndReason.AbortedLocally(AbortCause.UNREAD_INPUT)));
    }

    @Test
    void shouldAnswerAnAbortThatArrivesWhileDraining() {
        step(new AppClose(false));
        EndReason peer = new EndReason.AbortedByPeer();
        assertThat(step(A))
                .containsExactly(
                        new EndInput(),
                        new CancelDrain(),
                        new FailApplication(peer),
                        new DropPassiveReference(),
                        new SendStateFlags(StateFlags.ABORT),
                        new WakeAll(),
                        new Release(peer));
        assertThat(step(new Drained(false))).isEmpty();
    }

    @Test
    void shouldGiveUpAShutdownWhenThePeerAborts() {
        step(new AppShutdownWrite());
        assertThat(step(A)).contains(new CancelDrain()).noneMatch(SendStateFlags.class::isInstance);
        assertThat(step(new Drained(false))).isEmpty();
        assertThat(step(CLOSE_NOW)).contains(new SendStateFlags(StateFlags.ABORT));
    }

    @Test
    void shouldAnswerAnAbortAtOnceWhenOnlyDoneWritingWasSentAndThePeerHadDoneWriting() {
        step(D);
        step(SHUTDOWN_NOW);
        assertThat(step(A)).contains(new SendStateFlags(StateFlags.DONE_WRITING | StateFlags.ABORT));
        assertThat(step(CLOSE_NOW)).last().isEqualTo(new Release(new EndReason.AbortedByPeer()));
    }

    @Test
    void shouldEndInputOnceHoweverManyFlagsCome() {
        assertThat(step(D)).containsExactly(new EndInput(), new WakeAll());
        assertThat(step(D)).isEmpty();
        assertThat(step(PeerFlags.of(0xC0))).containsExactly(new WakeAll());
        assertThat(state.mayReceive()).isEqualTo(Permission.GRANTED);
        assertThat(state.maySend()).isEqualTo(Permission.GRANTED);
    }

    @Test
    void shouldTakeDoneWritingAndClosedInOneMessage() {
        step(CLOSE_NOW);
        assertThat(step(PeerFlags.of(StateFlags.DONE_WRITING | StateFlags.CLOSED)))
                .last()
                .isEqualTo(orderly(Closer.US));
    }

    @Test
    void shouldNameThePeerWhenItClosedFirst() {
        step(C);
        assertThat(step(CLOSE_NOW)).last().isEqualTo(orderly(Closer.PEER));
    }

    @Test
    void shouldNameBothWhenEachEndStoppedOnItsOwn() {
        step(SHUTDOWN_NOW);
        step(C);
        assertThat(step(CLOSE_NOW)).last().isEqualTo(orderly(Closer.BOTH));
    }

    @Test
    void shouldNameBothWhenThePeersCloseArrivesWhileWeDrainForOurs() {
        step(new AppClose(false));
        step(C);
        assertThat(step(new Drained(false))).last().isEqualTo(orderly(Closer.BOTH));
    }

    @Test
    void shouldEndAtOnceWhenKilledAndTellTheApplicationWhy() {
        EndReason reason = new EndReason.AbortedLocally(AbortCause.LINKS_LOST);
        assertThat(step(new Kill(AbortCause.LINKS_LOST)))
                .containsExactly(
                        new SendStateFlags(StateFlags.ABORT),
                        new FailApplication(reason),
                        new ResetTcp(),
                        new WakeAll(),
                        new DropPassiveReference(),
                        new Release(reason));
        assertThat(step(CLOSE_NOW)).isEmpty();
    }

    @Test
    void shouldCancelTheDrainWhenKilled() {
        step(new AppClose(false));
        assertThat(step(new Kill(AbortCause.PEER_GONE))).startsWith(new CancelDrain());
    }

    @Test
    void shouldKeepTheFirstAbortAsTheReason() {
        step(A);
        assertThat(step(new Kill(AbortCause.LINK_GROUP_TERMINATING)))
                .noneMatch(FailApplication.class::isInstance)
                .last()
                .isEqualTo(new Release(new EndReason.AbortedByPeer()));
    }

    @Test
    void shouldLeaveTheTcpConnectionToTheFallbackWhenTheHandshakeFailsOrIsKilled() {
        ConnectionState initial = ConnectionState.initial();
        assertThat(ConnectionMachine.step(initial, new HandshakeFailed(), now).effects())
                .containsExactly(new DropPassiveReference(), new Release(new EndReason.HandshakeFailed()));
        assertThat(ConnectionMachine.step(initial, new Kill(AbortCause.LINKS_LOST), now)
                        .effects())
                .noneMatch(ResetTcp.class::isInstance);
    }

    @Test
    void shouldResetTheHandshakeThatTheApplicationClosed() {
        assertThat(ConnectionMachine.step(ConnectionState.initial(), new AppClose(false), now)
                        .effects())
                .containsExactly(
                        new StopInput(),
                        new StopOutput(),
                        new SendStateFlags(StateFlags.ABORT),
                        new ResetTcp(),
                        new DropPassiveReference(),
                        new Release(new EndReason.AbortedLocally(AbortCause.CLOSED_IN_HANDSHAKE)));
    }

    @Test
    void shouldEndWhenTheHandshakeFailsAfterThePeerHadClosedAlready() {
        state = ConnectionMachine.step(ConnectionState.initial(), C, now).state();
        assertThat(step(new HandshakeFailed())).last().isEqualTo(new Release(new EndReason.HandshakeFailed()));
    }

    @Test
    void shouldAllowSendingAndReceivingAsLinuxDoes() {
        assertThat(ConnectionPhase.values())
                .filteredOn(p -> p.maySend() == Permission.GRANTED)
                .containsExactly(ConnectionPhase.ACTIVE, ConnectionPhase.APPCLOSEWAIT1);
        assertThat(ConnectionPhase.values())
                .filteredOn(p -> p.maySend() == Permission.NOT_CONNECTED)
                .containsExactly(ConnectionPhase.INIT);
        assertThat(ConnectionPhase.values())
                .filteredOn(p -> p.mayReceive() != Permission.GRANTED)
                .containsExactly(ConnectionPhase.INIT, ConnectionPhase.CLOSED, ConnectionPhase.PEERFINCLOSEWAIT);
        assertThat(ConnectionPhase.PEERFINCLOSEWAIT.mayReceive()).isEqualTo(Permission.ENDED);
        assertThat(ConnectionPhase.values())
                .filteredOn(ConnectionPhase::mayShutDown)
                .extracting(ConnectionPhase::value)
                .containsExactly(1, 20, 21, 22, 23, 24);
        step(C);
        step(CLOSE_NOW);
        assertThat(state.mayReceive()).isEqualTo(Permission.ENDED);
    }

    @Test
    void shouldNumberPhasesAsLinuxDoes() {
        assertThat(ConnectionPhase.values())
                .extracting(ConnectionPhase::value)
                .containsExactly(1, 2, 7, 20, 21, 22, 23, 24, 25, 26, 27);
    }
}
