package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.protocol.lifecycle.connection.ConnectionEffect;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent;
import io.smc4j.protocol.lifecycle.connection.ConnectionMachine;
import io.smc4j.protocol.lifecycle.connection.ConnectionPhase;
import io.smc4j.protocol.lifecycle.connection.ConnectionState;
import io.smc4j.protocol.lifecycle.connection.EndReason;
import io.smc4j.protocol.lifecycle.connection.StateFlags;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * a close or shutdown waits for the send buffer to drain, and the peer's A, C or D comes meanwhile. The step after the wait
 * must see the state as it is then.
 */
class R22StateChangedWhileDrainingTest {
    private ConnectionState state = ConnectionState.initial();
    private final List<ConnectionEffect> effects = new ArrayList<>();

    private List<ConnectionEffect> feed(ConnectionEvent event, long now) {
        ConnectionMachine.Step step = ConnectionMachine.step(state, event, now);
        state = step.state();
        effects.addAll(step.effects());
        return step.effects();
    }

    private void peer(boolean done, boolean closed, boolean aborted) {
        feed(new ConnectionEvent.PeerFlags(done, closed, aborted), 1);
    }

    private List<Integer> sent() {
        return effects.stream()
                .filter(ConnectionEffect.SendStateFlags.class::isInstance)
                .map(effect -> ((ConnectionEffect.SendStateFlags) effect).flags())
                .toList();
    }

    private void closeAndWait() {
        feed(new ConnectionEvent.HandshakeCompleted(), 0);
        assertThat(feed(new ConnectionEvent.AppClose(false), 0))
                .hasAtLeastOneElementOfType(ConnectionEffect.RequestDrain.class);
        assertThat(sent()).as("nothing is sent before the data").isEmpty();
    }

    private void waitIsOver(boolean byDeadline) {
        feed(
                byDeadline ? new ConnectionEvent.DrainDeadline(false) : new ConnectionEvent.Drained(false),
                ConnectionMachine.DRAIN_NANOS);
    }

    private void endedOnce() {
        assertThat(state.phase()).isEqualTo(ConnectionPhase.CLOSED);
        assertThat(effects.stream().filter(ConnectionEffect.Release.class::isInstance))
                .hasSize(1);
        assertThat(effects.getLast()).isInstanceOf(ConnectionEffect.Release.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldNotSendClosedAfterThePeerAborted(boolean byDeadline) {
        closeAndWait();
        peer(false, false, true);
        waitIsOver(byDeadline);
        assertThat(sent())
                .allSatisfy(flags -> assertThat(flags & StateFlags.CLOSED).isZero());
        assertThat(state.reason()).isEqualTo(new EndReason.AbortedByPeer());
        endedOnce();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldCloseFullyWhenThePeerClosedMeanwhile(boolean byDeadline) {
        closeAndWait();
        peer(false, true, false);
        waitIsOver(byDeadline);
        assertThat(sent()).containsExactly(StateFlags.CLOSED);
        endedOnce();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldWaitForThePeersCloseWhenItOnlyStoppedWritingMeanwhile(boolean byDeadline) {
        closeAndWait();
        peer(true, false, false);
        waitIsOver(byDeadline);
        assertThat(sent()).containsExactly(StateFlags.CLOSED);
        assertThat(state.phase()).isEqualTo(ConnectionPhase.PEERFINCLOSEWAIT);
        peer(true, true, false);
        endedOnce();
    }

    @Test
    void shouldNotSendDoneWritingAfterThePeerAbortedDuringAShutdown() {
        feed(new ConnectionEvent.HandshakeCompleted(), 0);
        feed(new ConnectionEvent.AppShutdownWrite(), 0);
        peer(false, false, true);
        waitIsOver(false);
        assertThat(sent()).isEmpty();
        assertThat(state.phase()).isEqualTo(ConnectionPhase.PROCESSABORT);
        feed(new ConnectionEvent.AppClose(false), 1);
        endedOnce();
    }

    @Test
    void shouldLetAKillDuringTheWaitBeTheEnd() {
        closeAndWait();
        feed(new ConnectionEvent.Kill(io.smc4j.protocol.lifecycle.connection.AbortCause.LINKS_LOST), 1);
        int before = effects.size();
        waitIsOver(false);
        waitIsOver(true);
        assertThat(effects).hasSize(before);
        endedOnce();
    }
}
