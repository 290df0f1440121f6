package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.connection.Connection;
import io.smc4j.actors.group.GroupNotice;
import io.smc4j.actors.group.JoinReply;
import io.smc4j.actors.group.LinkGroup;
import io.smc4j.actors.handshake.ClientHandshake;
import io.smc4j.actors.handshake.Outcome;
import io.smc4j.actors.node.ActorDecorator;
import io.smc4j.actors.node.ActorKind;
import io.smc4j.actors.queue.QueueCounters;
import io.smc4j.protocol.cdc.CdcCodec;
import io.smc4j.protocol.cdc.CdcMessage;
import io.smc4j.protocol.cdc.Cursor;
import io.smc4j.protocol.clc.ClcConfirmSmcr;
import io.smc4j.protocol.clc.ClcProposal;
import io.smc4j.protocol.lifecycle.group.GroupRole;
import io.smc4j.protocol.lifecycle.group.TerminationCause;
import java.net.ServerSocket;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** a connect is given up at each point where its handshake waits; nothing of it may stay. */
@Timeout(60)
class R29ConnectGivenUpTest {
    enum Waiting {
        FOR_ACCEPT,
        FOR_GROUP,
        FOR_OFFER,
        FOR_LINK,
        FOR_HANDLE
    }

    @ParameterizedTest
    @EnumSource(Waiting.class)
    void shouldCloseTheSocketAndTellThoseBelow(Waiting at) throws Exception {
        try (HandshakesA bench = new HandshakesA();
                ServerSocket server = ClcPeerA.listen()) {
            ActorRef<ClientHandshake.Command> handshake = bench.client(server);
            TestProbe<Connection.Command> connection = bench.bench.kit.createTestProbe(Connection.Command.class);
            try (ClcPeerA peer = ClcPeerA.accept(server)) {
                peer.expect(ClcProposal.class);
                LinkGroup.Join join = null;
                if (at.compareTo(Waiting.FOR_GROUP) >= 0) {
                    peer.send(ClcPeerA.accept(true));
                }
                if (at == Waiting.FOR_GROUP) {
                    bench.registry.receiveMessage();
                } else if (at.compareTo(Waiting.FOR_GROUP) > 0) {
                    bench.grantServer(bench.group.getRef(), true);
                    join = bench.join();
                }
                if (join != null && at.compareTo(Waiting.FOR_LINK) >= 0) {
                    join.replyTo().tell(bench.offer(true));
                    peer.expect(ClcConfirmSmcr.class);
                    bench.group.expectMessageClass(LinkGroup.ConfirmSent.class, BenchA.PATIENCE);
                }
                if (join != null && at == Waiting.FOR_HANDLE) {
                    join.replyTo().tell(new JoinReply.Connected(connection.getRef()));
                    connection.expectMessageClass(Connection.Activate.class);
                }
                bench.bench.kit.stop(handshake);
                assertThat(bench.outcome()).isInstanceOf(Outcome.Failed.class);
                switch (at) {
                    case FOR_ACCEPT, FOR_GROUP -> {}
                    case FOR_OFFER ->
                        bench.group.expectTerminated(
                                java.util.Objects.requireNonNull(join).replyTo());
                    case FOR_LINK -> bench.group.expectMessageClass(LinkGroup.HandshakeOver.class, BenchA.PATIENCE);
                    case FOR_HANDLE -> connection.expectMessageClass(Connection.Kill.class, BenchA.PATIENCE);
                }
                if (at != Waiting.FOR_HANDLE) { // else the socket is the connection's by now
                    assertThat(peer.rest()).isEmpty();
                }
            }
        }
    }

    @Test
    void shouldEndAFormingGroupWhoseHandshakeStopsBeforeTheOffer() throws Exception {
        try (BenchA bench = new BenchA()) {
            bench.blocking.close(); // buffer and queue pair are being made
            ActorRef<LinkGroup.Command> group = bench.group(GroupRole.SERVER, 1);
            BenchA.Handshake handshake = bench.joinServer(group);
            BenchA.until(() -> assertThat(bench.blocking.waiting()).isPositive());
            handshake.probe().stop();
            bench.awaitNotice(GroupNotice.Unlisted.class); // at once: who waits for this group may go on
            bench.blocking.open();
            bench.awaitStopped(group);
            bench.assertNothingLeft();
        }
    }

    /** Keeps connections that have decided to stop from being gone, for a while. */
    private static final class SlowStop extends BehaviorInterceptor<Connection.Command, Connection.Command> {
        final CountDownLatch stopping = new CountDownLatch(1);
        final CountDownLatch gone = new CountDownLatch(1);

        SlowStop() {
            super(Connection.Command.class);
        }

        @Override
        public Behavior<Connection.Command> aroundReceive(
                TypedActorContext<Connection.Command> context,
                Connection.Command message,
                ReceiveTarget<Connection.Command> target) {
            return target.apply(context, message);
        }

        @Override
        public Behavior<Connection.Command> aroundSignal(
                TypedActorContext<Connection.Command> context, Signal signal, SignalTarget<Connection.Command> target) {
            if (signal == PostStop.instance()) {
                stopping.countDown();
                try {
                    gone.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return target.apply(context, signal);
        }
    }

    @Test
    void shouldLeaveNoEndpointBehindWhenABufferComesForAConnectionThatStops() throws Exception {
        SlowStop slow = new SlowStop();
        ActorDecorator decorator = new ActorDecorator() {
            @Override
            @SuppressWarnings("unchecked") // connections are told Connection.Command
            public <T> Behavior<T> decorate(ActorKind kind, Behavior<T> behavior) {
                return kind == ActorKind.CONNECTION
                        ? (Behavior<T>) Behaviors.intercept(() -> slow, (Behavior<Connection.Command>) behavior)
                        : behavior;
            }
        };
        try (BenchA bench = new BenchA(1, 2, "", decorator)) {
            BenchA.Listed server = bench.listedServer(1);
            long oneBuffer = bench.budget.used();
            int firstToken = server.offer().alertToken();
            bench.blocking.close();
            BenchA.Handshake handshake = bench.joinServer(server.group());
            BenchA.until(() -> assertThat(bench.blocking.waiting()).isPositive());
            handshake.probe().stop();
            slow.stopping.await(); // it takes no message any more, and its group has not heard of its end
            bench.blocking.open();
            BenchA.until(() -> assertThat(bench.budget.used()).isEqualTo(2 * oneBuffer));
            bench.everythingHeard(server.link1());
            slow.gone.countDown();
            bench.everythingHeard(server.link1());
            // A message with the token that the connection would have had reaches nobody.
            QueueCounters counters = bench.node.rdma().getFirst().queue().counters();
            server.link1()
                    .receive(CdcCodec.encode(
                            new CdcMessage(1, firstToken + 1, new Cursor(0, 1), new Cursor(0, 0), 0, 0)));
            BenchA.until(() ->
                    assertThat(counters.get(QueueCounters.Counter.CDC_DROPPED)).isEqualTo(1));
            server.group().tell(new LinkGroup.Terminate(TerminationCause.NODE_SHUTDOWN));
            bench.awaitStopped(server.group());
            bench.assertNothingLeft();
        }
    }
}
