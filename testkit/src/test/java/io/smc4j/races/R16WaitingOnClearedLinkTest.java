package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.group.LinkGroup;
import io.smc4j.actors.link.Link;
import io.smc4j.actors.node.ActorDecorator;
import io.smc4j.actors.node.ActorKind;
import io.smc4j.protocol.lifecycle.group.TerminationCause;
import io.smc4j.protocol.llc.LlcConfirmRkey;
import io.smc4j.protocol.llc.LlcDeleteLink;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** senders wait for a slot of a link that is cleared. Time stands still here: nobody may wait for a deadline. */
@Timeout(60)
class R16WaitingOnClearedLinkTest {
    @Test
    void shouldTellEveryWaiterAndClearTheLink() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = bench.listedServer(1);
            server.link1().withholding = true; // the four slots stay taken
            for (int i = 0; i < 20; i++) {
                server.link1()
                        .receive(LlcConfirmRkey.request(2, 0x5000 + i, i, List.of())); // each wants an answer sent
            }
            BenchA.until(() -> assertThat(server.link1().unread()).isEqualTo(4));
            server.group().tell(new LinkGroup.Terminate(TerminationCause.NODE_SHUTDOWN));
            bench.portDown(server.group(), 1); // DELETE LINK (all) waits behind them, and then the link goes
            server.link1().releaseCompletions();
            bench.awaitStopped(server.group());
            bench.assertNothingLeft();
        }
    }

    /** Loses what link 2 is told to send, as if its actor had stopped just before. */
    private static final class LosingSends extends BehaviorInterceptor<Link.Command, Link.Command> {
        volatile boolean losing;

        LosingSends() {
            super(Link.Command.class);
        }

        @Override
        public Behavior<Link.Command> aroundReceive(
                TypedActorContext<Link.Command> context,
                Link.Command message,
                BehaviorInterceptor.ReceiveTarget<Link.Command> target) {
            boolean second = context.asJava().getSelf().path().name().startsWith("link-2");
            return losing && second && message instanceof Link.Send ? Behaviors.same() : target.apply(context, message);
        }
    }

    @Test
    void shouldNotWaitAtTheEndForMessagesThatWentDownWithALink() throws Exception {
        LosingSends losing = new LosingSends();
        ActorDecorator decorator = new ActorDecorator() {
            @Override
            @SuppressWarnings("unchecked") // links are told Link.Command
            public <T> Behavior<T> decorate(ActorKind kind, Behavior<T> behavior) {
                return kind == ActorKind.LINK
                        ? (Behavior<T>) Behaviors.intercept(() -> losing, (Behavior<Link.Command>) behavior)
                        : behavior;
            }
        };
        try (BenchA bench = new BenchA(1, 2, "", decorator)) {
            BenchA.Listed server = bench.listedServer(2);
            FakeQpA second = bench.secondLink(server);
            losing.losing = true;
            second.receive(LlcConfirmRkey.request(2, 0x5000, 1, List.of()));
            bench.everythingHeard(server.link1());
            second.breakNow();
            LlcDeleteLink request = server.link1().expect(LlcDeleteLink.class);
            server.link1().receive(new LlcDeleteLink(2, true, false, true, request.linkNumber(), 0));
            BenchA.until(() -> assertThat(bench.device().openQueuePairs()).isEqualTo(2)); // a third link is being added
            server.group().tell(new LinkGroup.Terminate(TerminationCause.NODE_SHUTDOWN));
            bench.awaitStopped(server.group());
            bench.assertNothingLeft();
        }
    }
}
