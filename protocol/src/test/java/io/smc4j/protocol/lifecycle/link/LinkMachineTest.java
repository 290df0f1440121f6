package io.smc4j.protocol.lifecycle.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.protocol.lifecycle.link.LinkEffect.ArmTestLinkTimeout;
import io.smc4j.protocol.lifecycle.link.LinkEffect.ArmTestLinkTimer;
import io.smc4j.protocol.lifecycle.link.LinkEffect.CancelTestLink;
import io.smc4j.protocol.lifecycle.link.LinkEffect.Clear;
import io.smc4j.protocol.lifecycle.link.LinkEffect.LinkDown;
import io.smc4j.protocol.lifecycle.link.LinkEffect.SendTestLink;
import io.smc4j.protocol.lifecycle.link.LinkEvent.ActivationFailed;
import io.smc4j.protocol.lifecycle.link.LinkEvent.ClearRequested;
import io.smc4j.protocol.lifecycle.link.LinkEvent.Cleared;
import io.smc4j.protocol.lifecycle.link.LinkEvent.ConfirmLinkCompleted;
import io.smc4j.protocol.lifecycle.link.LinkEvent.DownTriggered;
import io.smc4j.protocol.lifecycle.link.LinkEvent.Initialised;
import io.smc4j.protocol.lifecycle.link.LinkEvent.ReceivedSomething;
import io.smc4j.protocol.lifecycle.link.LinkEvent.TestLinkAnswered;
import io.smc4j.protocol.lifecycle.link.LinkEvent.TestLinkTimeout;
import io.smc4j.protocol.lifecycle.link.LinkEvent.TestLinkTimer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The keepalive's times, and what holds for a link in every order of events. */
final class LinkMachineTest {
    private static final long INTERVAL = LinkMachine.TEST_LINK_INTERVAL_NANOS;
    private static final long START = Long.MAX_VALUE - INTERVAL / 2; // a monotonic clock may wrap

    private LinkState state = LinkState.unused(INTERVAL);

    private List<LinkEffect> step(LinkEvent event, long now) {
        LinkMachine.Step step = LinkMachine.step(state, event, now);
        state = step.state();
        return step.effects();
    }

    private void activate() {
        step(new Initialised(), START);
        assertThat(step(new ConfirmLinkCompleted(), START)).containsExactly(new ArmTestLinkTimer(START + INTERVAL));
    }

    @Test
    void shouldTestTheLinkAfterASilentInterval() {
        activate();
        long answerBy = START + INTERVAL + LinkMachine.TEST_LINK_TIMEOUT_NANOS;
        assertThat(step(new TestLinkTimer(), START + INTERVAL))
                .containsExactly(new ArmTestLinkTimeout(answerBy), new SendTestLink());
        assertThat(step(new TestLinkAnswered(), answerBy - 1))
                .containsExactly(new ArmTestLinkTimer(answerBy - 1 + INTERVAL));
    }

    @Test
    void shouldWaitForTheRemainderWhenSomethingWasReceivedWithinTheInterval() {
        activate();
        assertThat(step(new ReceivedSomething(START + 7), START + 9)).isEmpty();
        assertThat(step(new ReceivedSomething(START + 5), START + 9)).isEmpty();
        assertThat(step(new TestLinkTimer(), START + INTERVAL))
                .containsExactly(new ArmTestLinkTimer(START + 7 + INTERVAL));
        assertThat(step(new TestLinkTimer(), START + 7 + INTERVAL)).contains(new SendTestLink());
    }

    @Test
    void shouldGoDownWhenTheTestIsNotAnswered() {
        activate();
        step(new TestLinkTimer(), START + INTERVAL);
        long answerBy = START + INTERVAL + LinkMachine.TEST_LINK_TIMEOUT_NANOS;
        assertThat(step(new TestLinkTimeout(), answerBy - 1)).containsExactly(new ArmTestLinkTimeout(answerBy));
        assertThat(step(new TestLinkTimeout(), answerBy))
                .containsExactly(new CancelTestLink(), new LinkDown(LinkDownCause.TEST_LINK_TIMEOUT));
        assertThat(step(new TestLinkAnswered(), answerBy)).isEmpty();
    }

    @Test
    void shouldNotLetAnOldTimeoutEndALaterTest() {
        activate();
        step(new TestLinkTimer(), START + INTERVAL);
        step(new TestLinkAnswered(), START + INTERVAL + 1);
        assertThat(step(new TestLinkTimeout(), START + INTERVAL + LinkMachine.TEST_LINK_TIMEOUT_NANOS))
                .isEmpty();
        assertThat(state.phase()).isEqualTo(LinkPhase.ACTIVE);
    }

    @Test
    void shouldNotTestWhenTheIntervalIsZero() {
        state = LinkState.unused(0);
        step(new Initialised(), 0);
        assertThat(step(new ConfirmLinkCompleted(), 0)).isEmpty();
        assertThat(step(new TestLinkTimer(), Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void shouldRefuseANegativeInterval() {
        assertThatThrownBy(() -> LinkState.unused(-1))
                .hasMessageContaining("-1 ns")
                .hasMessageContaining("0 (off)");
    }

    @Test
    void shouldLetTheFirstOfManyDownTriggersWin() {
        activate();
        assertThat(step(new DownTriggered(LinkDownCause.SEND_COMPLETION_ERROR), START))
                .contains(new LinkDown(LinkDownCause.SEND_COMPLETION_ERROR));
        for (LinkDownCause cause : LinkDownCause.values()) {
            assertThat(step(new DownTriggered(cause), START)).isEmpty();
        }
    }

    @Test
    void shouldCountIncarnationsOfASlot() {
        activate();
        assertThat(state.incarnation()).isEqualTo(1);
        assertThat(step(new ClearRequested(), START)).containsExactly(new CancelTestLink(), new Clear());
        step(new Cleared(), START);
        step(new Initialised(), START);
        assertThat(state.incarnation()).isEqualTo(2);
    }

    @Test
    void shouldBeUsableAndSendableAsLinuxHasIt() {
        assertThat(LinkPhase.values()).extracting(LinkPhase::value).containsExactly(0, 1, 2, 3);
        assertThat(LinkPhase.values())
                .filteredOn(LinkPhase::usable)
                .containsExactly(LinkPhase.ACTIVATING, LinkPhase.ACTIVE);
        assertThat(LinkPhase.values())
                .filteredOn(phase -> phase.sendable(true))
                .containsExactly(LinkPhase.ACTIVATING, LinkPhase.ACTIVE);
        assertThat(LinkPhase.values()).noneMatch(phase -> phase.sendable(false));
    }

    /** A link's state with what its present incarnation has done, in the explorer below. */
    private record Seen(LinkState state, long now, int downs, int clears) {}

    @Test
    void shouldGoDownAndBeClearedOncePerIncarnationInEveryOrderOfEvents() {
        long limit = LinkMachine.TEST_LINK_TIMEOUT_NANOS;
        long tick = limit / 2;
        List<LinkEvent> events = List.of(
                new Initialised(),
                new ConfirmLinkCompleted(),
                new ActivationFailed(),
                new ClearRequested(),
                new DownTriggered(LinkDownCause.FLUSHED),
                new DownTriggered(LinkDownCause.PORT_ERROR),
                new Cleared(),
                new TestLinkTimer(),
                new TestLinkAnswered(),
                new TestLinkTimeout(),
                new ReceivedSomething(0));
        Set<Seen> seen = new HashSet<>();
        Deque<Seen> open = new ArrayDeque<>(List.of(new Seen(LinkState.unused(tick), 0, 0, 0)));
        while (!open.isEmpty()) {
            Seen from = open.pop();
            if (!seen.add(from)) {
                continue;
            }
            if (from.now < 4 * limit) {
                open.push(new Seen(from.state, from.now + tick, from.downs, from.clears));
            }
            for (LinkEvent event : events) {
                Seen to = check(from, event);
                if (to.state.incarnation() <= 2) {
                    open.push(to);
                }
            }
        }
        assertThat(seen.stream().map(s -> s.state.phase()).distinct()).hasSize(LinkPhase.values().length);
    }

    private static Seen check(Seen from, LinkEvent event) {
        LinkMachine.Step step = LinkMachine.step(from.state, event, from.now);
        boolean reborn = step.state().incarnation() != from.state.incarnation();
        int downs = reborn ? 0 : from.downs;
        int clears = reborn ? 0 : from.clears;
        for (LinkEffect effect : step.effects()) {
            switch (effect) {
                case LinkDown _ -> downs++;
                case Clear _ -> clears++;
                case SendTestLink _, ArmTestLinkTimer _, ArmTestLinkTimeout _ ->
                    assertThat(step.state().phase()).isEqualTo(LinkPhase.ACTIVE);
                case CancelTestLink _ -> assertThat(step.state().phase()).isEqualTo(LinkPhase.INACTIVE);
            }
        }
        String where = from + " + " + event + " -> " + step;
        assertThat(downs).as(where).isLessThanOrEqualTo(1);
        assertThat(clears).as(where).isLessThanOrEqualTo(1);
        if (step.state().phase() == LinkPhase.UNUSED && step.state().incarnation() > 0) {
            assertThat(clears).as("freed without Clear: %s", where).isEqualTo(1);
        }
        return new Seen(step.state(), from.now, downs, clears);
    }
}
