package io.smc4j.protocol.lifecycle.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.protocol.lifecycle.connection.ConnectionEvent.AppClose;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent.AppShutdownWrite;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent.DrainDeadline;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent.Drained;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent.HandshakeCompleted;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent.HandshakeFailed;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent.Kill;
import io.smc4j.protocol.lifecycle.connection.ConnectionEvent.PeerFlags;
import java.util.ArrayList;
import java.util.List;

/**
 * The world of the explorer: two ends with their applications, the messages on their way, and what else can happen to them.
 *
 * @param handshakeFailed whether one side's handshake failed, so that no side's can complete
 * @param linkLost whether nothing is delivered any more
 */
record TwoConnections(End left, End right, boolean handshakeFailed, boolean linkLost) {
    /** In a channel: data rather than flags. */
    private static final int DATA = 1;

    /** What the world may do besides closing, shutting down and delivering. */
    record Options(boolean handshake, boolean data, boolean abort, boolean linkLoss) {}

    /**
     * One end.
     *
     * @param inbox messages on their way to it, first in first out
     * @param unsent written data that has not left
     * @param unread received data that was not read
     * @param wrote whether the application used its one write
     * @param passiveDrops how often the passive reference was dropped
     * @param releases how often it was released
     */
    record End(
            ConnectionState machine,
            List<Integer> inbox,
            boolean unsent,
            boolean unread,
            boolean wrote,
            int passiveDrops,
            int releases) {
        boolean over() {
            return releases > 0;
        }

        End with(List<Integer> newInbox, boolean newUnsent, boolean newUnread, boolean newWrote) {
            return new End(machine, newInbox, newUnsent, newUnread, newWrote, passiveDrops, releases);
        }
    }

    static TwoConnections initial(Options options) {
        ConnectionState machine = ConnectionState.initial();
        if (!options.handshake()) {
            machine =
                    ConnectionMachine.step(machine, new HandshakeCompleted(), 0).state();
        }
        End end = new End(machine, List.of(), false, false, false, 0, 0);
        return new TwoConnections(end, end, false, false);
    }

    List<TwoConnections> successors(Options options) {
        List<TwoConnections> all = new ArrayList<>();
        addSuccessors(options, all);
        List<TwoConnections> mirrored = new ArrayList<>();
        mirror().addSuccessors(options, mirrored);
        mirrored.forEach(world -> all.add(world.mirror()));
        if (options.linkLoss() && !linkLost) {
            all.add(new TwoConnections(left, right, handshakeFailed, true));
        }
        return all;
    }

    void assertOver() {
        for (End end : List.of(left, right)) {
            assertThat(end.machine().phase()).as("%s", this).isEqualTo(ConnectionPhase.CLOSED);
            assertThat(end.releases()).as("releases in %s", this).isEqualTo(1);
            assertThat(end.passiveDrops()).as("dropped references in %s", this).isEqualTo(1);
        }
    }

    /** Everything that can happen at the left end. */
    private void addSuccessors(Options options, List<TwoConnections> to) {
        ConnectionState machine = left.machine();
        if (!left.inbox().isEmpty() && !linkLost) {
            deliver(to);
        }
        if (left.over()) {
            return;
        }
        if (linkLost) {
            to.add(feed(new Kill(AbortCause.LINKS_LOST), this));
        }
        if (!machine.established()) {
            if (!handshakeFailed) {
                to.add(feed(new HandshakeCompleted(), this));
                if (!right.machine().established()) {
                    to.add(feed(new HandshakeFailed(), new TwoConnections(left, right, true, linkLost)));
                }
            } else {
                to.add(feed(new HandshakeFailed(), this));
            }
        }
        if (left.unsent() && !linkLost && (machine.sentFlags() & StateFlags.ANY_CLOSE) == 0) {
            to.add(send(DATA).withLeft(left.with(left.inbox(), false, left.unread(), left.wrote())));
        }
        if (machine.drain() != ConnectionState.Drain.NONE) {
            if (!left.unsent()) {
                to.add(feed(new Drained(left.unread()), this));
            }
            to.add(feed(new DrainDeadline(left.unread()), this));
        }
        if (!machine.appClosed()) {
            application(options, to);
        }
    }

    private void deliver(List<TwoConnections> to) {
        int message = left.inbox().getFirst();
        List<Integer> rest = left.inbox().subList(1, left.inbox().size());
        boolean unread = left.unread() || message == DATA;
        TwoConnections world = withLeft(left.with(List.copyOf(rest), left.unsent(), unread, left.wrote()));
        to.add(message == DATA || left.over() ? world : world.feed(PeerFlags.of(message), world));
    }

    private void application(Options options, List<TwoConnections> to) {
        to.add(feed(new AppClose(left.unread(), 0), this));
        to.add(feed(new AppClose(left.unread(), 1), this));
        if (left.machine().phase().mayShutDown()
                && left.machine().drain() == ConnectionState.Drain.NONE
                && (left.machine().sentFlags() & StateFlags.DONE_WRITING) == 0) {
            to.add(feed(new AppShutdownWrite(1), this));
        }
        if (options.data() && left.machine().maySend() == Permission.GRANTED && !left.wrote()) {
            to.add(withLeft(left.with(left.inbox(), true, left.unread(), true)));
        }
        if (left.unread()) {
            to.add(withLeft(left.with(left.inbox(), left.unsent(), false, left.wrote())));
        }
        if (options.abort()) {
            to.add(feed(new Kill(AbortCause.APPLICATION_ABORT), this));
        }
    }

    /** Feeds the left end, carries out the effects, and checks every promise that one step can break. */
    private TwoConnections feed(ConnectionEvent event, TwoConnections world) {
        ConnectionState before = world.left.machine();
        ConnectionMachine.Step step = ConnectionMachine.step(before, event, now(event, before));
        ConnectionState after = step.state();
        String where = before + " + " + event + " -> " + step;
        int drops = world.left.passiveDrops();
        int releases = world.left.releases();
        TwoConnections sent = world;
        for (ConnectionEffect effect : step.effects()) {
            assertThat(releases).as("effects after the release: %s", where).isZero();
            switch (effect) {
                case ConnectionEffect.SendStateFlags(int flags) -> {
                    assertThat(flags & before.sentFlags())
                            .as("flag taken back: %s", where)
                            .isEqualTo(before.sentFlags());
                    sent = sent.send(flags);
                }
                case ConnectionEffect.DropPassiveReference() -> drops++;
                case ConnectionEffect.Release(EndReason reason) -> releases++;
                default -> {}
            }
        }
        assertThat(drops).as("passive reference: %s", where).isEqualTo(after.passiveReference() ? 0 : 1);
        assertThat(releases).as("release: %s", where).isEqualTo(after.released() ? 1 : 0);
        boolean noReference = switch (after.phase()) {
            case APPFINCLOSEWAIT, PROCESSABORT, CLOSED -> true;
            default -> false;
        };
        assertThat(after.passiveReference())
                .as("passive reference by phase: %s", where)
                .isNotEqualTo(noReference);
        assertThat(after.phase()).as(where).isNotEqualTo(ConnectionPhase.PEERABORTWAIT);
        if (after.drain() != ConnectionState.Drain.NONE) {
            assertThat(after.maySend()).as("sending while draining: %s", where).isNotEqualTo(Permission.GRANTED);
        }
        End end = sent.left;
        return sent.withLeft(new End(after, end.inbox(), end.unsent(), end.unread(), end.wrote(), drops, releases));
    }

    /** Time stands still, so that states are few, but for a deadline. */
    private static long now(ConnectionEvent event, ConnectionState state) {
        return event instanceof DrainDeadline ? state.drainDeadlineNanos() : 0;
    }

    private TwoConnections send(int message) {
        List<Integer> inbox = new ArrayList<>(right.inbox());
        inbox.add(message);
        End receiver = right.with(List.copyOf(inbox), right.unsent(), right.unread(), right.wrote());
        return new TwoConnections(left, receiver, handshakeFailed, linkLost);
    }

    private TwoConnections withLeft(End end) {
        return new TwoConnections(end, right, handshakeFailed, linkLost);
    }

    private TwoConnections mirror() {
        return new TwoConnections(right, left, handshakeFailed, linkLost);
    }
}
