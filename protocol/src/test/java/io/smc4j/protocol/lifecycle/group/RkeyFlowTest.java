package io.smc4j.protocol.lifecycle.group;

import static io.smc4j.protocol.lifecycle.group.Group.PORT_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec 4.16: CONFIRM RKEY and DELETE RKEY. */
final class RkeyFlowTest {
    private final Group group = Group.listed(GroupRole.SERVER, PORT_1).join(7).join(8);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldPassThePeersAnswerOn(boolean negative) {
        group.feed(new GroupEvent.ConfirmRkeyWanted(7));
        assertThat(group.effects)
                .containsSubsequence(
                        new GroupEffect.ArmFlowDeadline(group.state.flow().id(), Duration.ofSeconds(2)),
                        new GroupEffect.SendConfirmRkey(1, 7));
        group.feed(new GroupEvent.ConfirmRkeyResponse(1, 7, negative));
        assertThat(group.effects).containsExactly(new GroupEffect.RkeyConfirmed(7, !negative));
        assertThat(group.feed(new GroupEvent.ConfirmRkeyResponse(1, 7, negative)).effects)
                .isEmpty();
    }

    @Test
    void shouldTakeOneAfterTheOther() {
        group.feed(
                new GroupEvent.ConfirmRkeyWanted(7),
                new GroupEvent.ConfirmRkeyWanted(8),
                new GroupEvent.DeleteRkeyWanted(99));
        assertThat(group.state.waiting()).hasSize(2);
        group.feed(new GroupEvent.ConfirmRkeyResponse(1, 7, false));
        assertThat(group.effects)
                .contains(new GroupEffect.RkeyConfirmed(7, true), new GroupEffect.SendConfirmRkey(1, 8));
        group.flowTimesOut();
        assertThat(group.effects)
                .contains(new GroupEffect.RkeyConfirmed(8, false), new GroupEffect.SendDeleteRkey(1, 99));
        group.feed(new GroupEvent.DeleteRkeyResponse(1, true));
        assertThat(group.effects).containsExactly(new GroupEffect.RkeyDeleted(99, true));
    }

    @Test
    void shouldNotCallABufferSafeWhenDeleteRkeyIsNotAnswered() {
        group.feed(new GroupEvent.DeleteRkeyWanted(99)).flowTimesOut();
        assertThat(group.effects)
                .as("neither safe nor given up: it may come yet")
                .isEmpty();
        group.feed(new GroupEvent.LinkDown(1, 1));
        assertThat(group.effects).contains(new GroupEffect.RkeyDeleted(99, false));
    }

    @Test
    void shouldTakeALateAnswerForTheRequestItBelongsTo() {
        group.feed(new GroupEvent.DeleteRkeyWanted(99)).flowTimesOut();
        assertThat(group.feed(new GroupEvent.DeleteRkeyWanted(100)).effects)
                .as("the late answer could not be told from this one's")
                .contains(new GroupEffect.RkeyDeleted(100, false))
                .doesNotHaveAnyElementsOfTypes(GroupEffect.SendDeleteRkey.class);
        assertThat(group.feed(new GroupEvent.DeleteRkeyResponse(1, false)).effects)
                .containsExactly(new GroupEffect.RkeyDeleted(99, true));
        assertThat(group.feed(new GroupEvent.DeleteRkeyResponse(1, false)).effects)
                .isEmpty();
        assertThat(group.feed(new GroupEvent.DeleteRkeyWanted(101)).effects)
                .contains(new GroupEffect.SendDeleteRkey(1, 101));
    }

    @Test
    void shouldUseAnotherLinkWhileAnAnswerIsDue() {
        Group two = Group.symmetric(GroupRole.SERVER).join(7);
        two.feed(new GroupEvent.DeleteRkeyWanted(99)).flowTimesOut();
        assertThat(two.feed(new GroupEvent.DeleteRkeyWanted(100)).effects)
                .contains(new GroupEffect.SendDeleteRkey(2, 100));
        assertThat(two.feed(new GroupEvent.DeleteRkeyResponse(1, false)).effects)
                .containsExactly(new GroupEffect.RkeyDeleted(99, true));
        assertThat(two.feed(new GroupEvent.DeleteRkeyResponse(2, false)).effects)
                .containsExactly(new GroupEffect.RkeyDeleted(100, true));
    }

    @Test
    void shouldNotTakeALateAnswerForAnotherConnections() {
        group.feed(new GroupEvent.ConfirmRkeyWanted(7)).flowTimesOut();
        group.feed(new GroupEvent.ConfirmRkeyWanted(8));
        assertThat(group.feed(new GroupEvent.ConfirmRkeyResponse(1, 7, false)).effects)
                .isEmpty();
        assertThat(group.feed(new GroupEvent.ConfirmRkeyResponse(1, 8, true)).effects)
                .containsExactly(new GroupEffect.RkeyConfirmed(8, false));
    }

    @Test
    void shouldRefuseWhoeverWaitedTooLongForTheSlot() {
        group.feed(new GroupEvent.ConfirmRkeyWanted(7), new GroupEvent.ConfirmRkeyWanted(8));
        int id = group.state.waiting().getFirst().id();
        assertThat(group.feed(new GroupEvent.RequestDeadline(id)).effects)
                .containsExactly(new GroupEffect.RkeyConfirmed(8, false));
        assertThat(group.feed(new GroupEvent.RequestDeadline(id)).effects).isEmpty();
    }

    @Test
    void shouldAnswerForAConnectionThatLeftMeanwhile() {
        group.feed(new GroupEvent.ConfirmRkeyWanted(7), new GroupEvent.ConfirmRkeyWanted(8), new GroupEvent.Left(8));
        group.feed(new GroupEvent.ConfirmRkeyResponse(1, 7, false));
        assertThat(group.effects)
                .containsExactly(new GroupEffect.RkeyConfirmed(7, true), new GroupEffect.RkeyConfirmed(8, false));
        assertThat(group.feed(new GroupEvent.ConfirmRkeyWanted(8)).effects)
                .containsExactly(new GroupEffect.RkeyConfirmed(8, false));
    }

    @Test
    void shouldAnswerEverybodyWhenTheGroupEnds() {
        group.feed(
                new GroupEvent.ConfirmRkeyWanted(7),
                new GroupEvent.ConfirmRkeyWanted(8),
                new GroupEvent.DeleteRkeyWanted(99),
                new GroupEvent.Terminate(TerminationCause.NODE_SHUTDOWN));
        assertThat(group.effects)
                .contains(
                        new GroupEffect.RkeyConfirmed(7, false),
                        new GroupEffect.RkeyConfirmed(8, false),
                        new GroupEffect.RkeyDeleted(99, false));
        assertThat(group.feed(new GroupEvent.DeleteRkeyWanted(5)).effects)
                .containsExactly(new GroupEffect.RkeyDeleted(5, false));
    }
}
