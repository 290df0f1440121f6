package io.smc4j.protocol.lifecycle.group;

import static io.smc4j.protocol.lifecycle.group.Group.PORT_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Spec 10.1: the end of a group, children first, each step with a deadline. */
final class TerminationTest {
    private final Group group = Group.listed(GroupRole.CLIENT, PORT_1).join(7);

    @ParameterizedTest
    @EnumSource(TerminationCause.class)
    void shouldEndStepByStepForEveryCause(TerminationCause cause) {
        group.feed(new GroupEvent.Terminate(cause));
        assertThat(group.effects.getFirst()).isEqualTo(new GroupEffect.Unlist(cause));
        assertThat(group.effects)
                .endsWith(
                        new GroupEffect.ArmStepDeadline(
                                GroupPhase.ENDING_CONNECTIONS,
                                group.state.timeouts().terminationStep()),
                        new GroupEffect.KillConnections(cause));
        group.feed(new GroupEvent.Left(7));
        if (cause.tellsPeer()) {
            assertThat(group.effects).endsWith(new GroupEffect.SendDeleteAll(1, cause));
            group.feed(new GroupEvent.PeerNotified());
        }
        assertThat(group.effects).endsWith(new GroupEffect.ClearLink(1, 1));
        group.feed(new GroupEvent.LinkCleared(1, 1));
        assertThat(group.effects).containsExactly(new GroupEffect.Free(cause, false));
        assertThat(group.feed(new GroupEvent.LinkCleared(1, 1), new GroupEvent.Terminate(cause)).effects)
                .isEmpty();
    }

    @Test
    void shouldEscalateEachStepOnceAndQuarantineWhatDoesNotEnd() {
        group.feed(new GroupEvent.Terminate(TerminationCause.NODE_SHUTDOWN));
        assertThat(group.stepTimesOut().effects(GroupEffect.Escalate.class))
                .containsExactly(new GroupEffect.Escalate(GroupPhase.ENDING_CONNECTIONS));
        assertThat(group.state.phase()).isEqualTo(GroupPhase.ENDING_CONNECTIONS);
        assertThat(group.stepTimesOut().state.phase()).isEqualTo(GroupPhase.NOTIFYING_PEER);
        group.stepTimesOut();
        assertThat(group.effects(GroupEffect.ArmStepDeadline.class))
                .extracting(GroupEffect.ArmStepDeadline::step)
                .containsExactly(GroupPhase.CLEARING_LINKS);
        assertThat(group.state.phase()).isEqualTo(GroupPhase.CLEARING_LINKS);
        assertThat(group.stepTimesOut().effects(GroupEffect.Escalate.class)).hasSize(1);
        assertThat(group.stepTimesOut().effects)
                .containsExactly(new GroupEffect.Free(TerminationCause.NODE_SHUTDOWN, true));
    }

    @Test
    void shouldNotQuarantineWhenChildrenStopAfterEscalation() {
        group.feed(new GroupEvent.Terminate(TerminationCause.LINKS_LOST)).stepTimesOut();
        group.feed(new GroupEvent.Left(7)).stepTimesOut();
        assertThat(group.feed(new GroupEvent.LinkCleared(1, 1)).effects)
                .containsExactly(new GroupEffect.Free(TerminationCause.LINKS_LOST, false));
    }

    @Test
    void shouldIgnoreADeadlineOfAStepThatIsOver() {
        group.feed(new GroupEvent.Terminate(TerminationCause.NODE_SHUTDOWN), new GroupEvent.Left(7));
        LinkGroupState before = group.state;
        assertThat(group.feed(new GroupEvent.StepDeadline(GroupPhase.ENDING_CONNECTIONS)).state)
                .isEqualTo(before);
    }

    @Test
    void shouldKeepTheFirstCause() {
        group.feed(new GroupEvent.DeleteAllRequest(1), new GroupEvent.Terminate(TerminationCause.IDLE));
        assertThat(group.effects).isEmpty();
        assertThat(group.state.cause()).contains(TerminationCause.PEER_DELETED_ALL);
    }

    @Test
    void shouldSendDeleteAllBackOnlyAsServer() {
        assertThat(group.feed(new GroupEvent.DeleteAllRequest(1)).effects(GroupEffect.SendDeleteAll.class))
                .isEmpty();
        Group server = Group.listed(GroupRole.SERVER, PORT_1).feed(new GroupEvent.DeleteAllRequest(1));
        assertThat(server.effects(GroupEffect.SendDeleteAll.class)).hasSize(1);
    }

    @Test
    void shouldRefuseWhoeverComesDuringTheEnd() {
        group.feed(new GroupEvent.Terminate(TerminationCause.NODE_SHUTDOWN));
        assertThat(group.join(8).effects).containsExactly(new GroupEffect.JoinRefused(8, JoinRefusal.NOT_LISTED));
        assertThat(group.feed(new GroupEvent.AddLinkRequest(1, 2, Group.PEER_2, true)).effects)
                .isEmpty();
    }

    @Test
    void shouldNotFailOverDuringTheEnd() {
        Group two = Group.symmetric(GroupRole.SERVER).join(7);
        two.feed(new GroupEvent.Terminate(TerminationCause.NODE_SHUTDOWN), new GroupEvent.LinkDown(1, 1));
        assertThat(two.effects).containsExactly(new GroupEffect.ClearLink(1, 1));
        two.feed(new GroupEvent.LinkCleared(1, 1), new GroupEvent.Left(7));
        assertThat(two.effects).endsWith(new GroupEffect.SendDeleteAll(2, TerminationCause.NODE_SHUTDOWN));
        two.feed(new GroupEvent.PeerNotified(), new GroupEvent.LinkCleared(2, 2));
        assertThat(two.effects(GroupEffect.Free.class)).hasSize(1);
    }

    @Test
    void shouldClearAHalfBuiltLinkWithTheOthers() {
        Group adding = Group.addingServer();
        adding.feed(new GroupEvent.Terminate(TerminationCause.DEVICE_REMOVED), new GroupEvent.PeerNotified());
        assertThat(adding.effects(GroupEffect.ClearLink.class)).hasSize(2);
    }
}
