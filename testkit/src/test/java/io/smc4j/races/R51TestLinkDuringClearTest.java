package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.node.ActorDecorator;
import io.smc4j.protocol.lifecycle.link.LinkDownCause;
import io.smc4j.protocol.lifecycle.link.LinkEffect;
import io.smc4j.protocol.lifecycle.link.LinkEvent;
import io.smc4j.protocol.lifecycle.link.LinkMachine;
import io.smc4j.protocol.lifecycle.link.LinkPhase;
import io.smc4j.protocol.lifecycle.link.LinkState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** a link is cleared while TEST LINK waits for its answer. The wait ends first; its timer finds nothing then. */
@Timeout(60)
class R51TestLinkDuringClearTest {
    private static final long INTERVAL = 1_000;

    private final List<LinkEffect> effects = new ArrayList<>();
    private LinkState state = LinkState.unused(INTERVAL);

    private void feed(LinkEvent event, long now) {
        LinkMachine.Step step = LinkMachine.step(state, event, now);
        state = step.state();
        effects.clear();
        effects.addAll(step.effects());
    }

    private void awaitAnswer() {
        feed(new LinkEvent.Initialised(), 0);
        feed(new LinkEvent.ConfirmLinkCompleted(), 0);
        feed(new LinkEvent.TestLinkTimer(), INTERVAL);
        assertThat(effects).contains(new LinkEffect.SendTestLink());
    }

    @Test
    void shouldEndTheWaitBeforeTheLinkIsCleared() {
        awaitAnswer();
        feed(new LinkEvent.ClearRequested(), INTERVAL + 1);
        assertThat(effects).containsExactly(new LinkEffect.CancelTestLink(), new LinkEffect.Clear());
        for (LinkEvent late : List.of(
                new LinkEvent.TestLinkTimeout(), new LinkEvent.TestLinkAnswered(), new LinkEvent.TestLinkTimer())) {
            feed(late, INTERVAL + LinkMachine.TEST_LINK_TIMEOUT_NANOS);
            assertThat(effects).as("%s", late).isEmpty();
        }
        feed(new LinkEvent.Cleared(), INTERVAL + 2);
        feed(new LinkEvent.Initialised(), INTERVAL + 3);
        feed(new LinkEvent.ConfirmLinkCompleted(), INTERVAL + 3);
        feed(new LinkEvent.TestLinkTimeout(), Long.MAX_VALUE / 2); // of the incarnation before
        assertThat(effects).isEmpty();
        assertThat(state.phase()).isEqualTo(LinkPhase.ACTIVE);
    }

    @Test
    void shouldGoDownOnceWhenAnotherTriggerAndTheTimeoutCoincide() {
        awaitAnswer();
        feed(new LinkEvent.DownTriggered(LinkDownCause.PORT_ERROR), INTERVAL + LinkMachine.TEST_LINK_TIMEOUT_NANOS);
        assertThat(effects)
                .containsExactly(new LinkEffect.CancelTestLink(), new LinkEffect.LinkDown(LinkDownCause.PORT_ERROR));
        feed(new LinkEvent.TestLinkTimeout(), INTERVAL + LinkMachine.TEST_LINK_TIMEOUT_NANOS);
        assertThat(effects).isEmpty();
    }

    @Test
    void shouldFreeTheLinkWhileItsTestWaits() throws Exception {
        try (BenchA bench = new BenchA(1, 2, "smc4j.llc.test-link-interval = 1 s", ActorDecorator.NONE)) {
            BenchA.Listed server = bench.listedServer(1);
            int before = server.link1().unread();
            bench.advance(Duration.ofSeconds(1));
            BenchA.until(() -> assertThat(server.link1().unread()).isGreaterThan(before)); // TEST LINK is out
            bench.portDown(server.group(), 1);
            bench.awaitStopped(server.group());
            bench.advance(Duration.ofSeconds(3)); // the time of the test is over now
            bench.assertNothingLeft();
            assertThat(bench.unlisted()).isEqualTo(1);
        }
    }
}
