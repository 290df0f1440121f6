package io.smc4j.protocol.lifecycle.group;

import static io.smc4j.protocol.lifecycle.group.Group.PEER_1;
import static io.smc4j.protocol.lifecycle.group.Group.PORT_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.protocol.Gid;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Spec 4.12: how a group comes to be. */
final class FirstContactTest {
    private final Group server = Group.fresh(GroupRole.SERVER, PORT_1);
    private final Group client = Group.fresh(GroupRole.CLIENT, PORT_1);

    @Test
    void shouldTakeTheServerThroughFirstContact() {
        server.feed(new GroupEvent.StartFirstContact(PORT_1, Gid.NONE));
        assertThat(server.effects).containsExactly(deadline(server, 5), new GroupEffect.PrepareLink(1, 1, PORT_1));
        server.feed(new GroupEvent.LinkPrepared(1, 1));
        assertThat(server.effects).containsExactly(new GroupEffect.FirstLinkPrepared(1));
        server.feed(new GroupEvent.PeerKnown(PEER_1));
        assertThat(server.effects).containsExactly(deadline(server, 5), new GroupEffect.ReadyLink(1, 1));
        server.feed(new GroupEvent.LinkReady(1, 1));
        assertThat(server.effects)
                .containsExactly(
                        new GroupEffect.ArmFlowDeadline(server.state.flow().id(), Duration.ofSeconds(2)),
                        new GroupEffect.SendConfirmLinkRequest(1));
        server.feed(new GroupEvent.ConfirmLinkResponse(1));
        assertThat(server.effects)
                .containsSubsequence(new GroupEffect.LinkActivated(1, 1), new GroupEffect.Established());
        assertThat(server.state.phase()).isEqualTo(GroupPhase.LISTED);
        assertThat(server.state.type()).isEqualTo(GroupType.SINGLE);
        assertThat(server.state.links().get(1).peer()).isEqualTo(PEER_1);
    }

    @Test
    void shouldExpectConfirmLinkBeforeTheServerCanKnowOfTheClientsQueuePair() {
        client.feed(new GroupEvent.StartFirstContact(PORT_1, PEER_1), new GroupEvent.LinkPrepared(1, 1));
        assertThat(client.effects) // armed before CLC CONFIRM can go out
                .containsExactly(
                        new GroupEffect.ArmFlowDeadline(client.state.flow().id(), Duration.ofSeconds(4)),
                        new GroupEffect.FirstLinkPrepared(1));
        client.feed(new GroupEvent.ConfirmLinkRequest(1, 1));
        assertThat(client.effects).containsExactly(deadline(client, 5), new GroupEffect.ReadyLink(1, 1));
        client.feed(new GroupEvent.LinkReady(1, 1));
        assertThat(client.effects)
                .startsWith(
                        new GroupEffect.SendConfirmLinkResponse(1),
                        new GroupEffect.LinkActivated(1, 1),
                        new GroupEffect.Established());
        assertThat(client.effects(GroupEffect.ArmIdleDeadline.class)).hasSize(1);
    }

    private static GroupEffect deadline(Group group, int seconds) {
        return new GroupEffect.ArmFlowDeadline(group.state.flow().id(), Duration.ofSeconds(seconds));
    }

    @Test
    void shouldNotWaitForeverForAQueuePair() {
        server.feed(new GroupEvent.StartFirstContact(PORT_1, Gid.NONE)).flowTimesOut();
        assertThat(server.effects).contains(new GroupEffect.FirstContactFailed(false), new GroupEffect.ClearLink(1, 1));
        client.feed(
                        new GroupEvent.StartFirstContact(PORT_1, PEER_1),
                        new GroupEvent.LinkPrepared(1, 1),
                        new GroupEvent.ConfirmLinkRequest(1, 1))
                .flowTimesOut();
        assertThat(client.effects).contains(new GroupEffect.FirstContactFailed(false), new GroupEffect.ClearLink(1, 1));
    }

    @Test
    void shouldAnswerFirstContactOnceWhenConfirmLinkDoesNotCome() {
        client.feed(new GroupEvent.StartFirstContact(PORT_1, PEER_1), new GroupEvent.LinkPrepared(1, 1))
                .flowTimesOut();
        assertThat(client.effects(GroupEffect.FirstContactFailed.class))
                .containsExactly(new GroupEffect.FirstContactFailed(true));
        assertThat(client.effects.getFirst()).isEqualTo(new GroupEffect.Unlist(TerminationCause.FIRST_CONTACT_FAILED));
        client.feed(new GroupEvent.LinkCleared(1, 1));
        assertThat(client.effects).containsExactly(new GroupEffect.Free(TerminationCause.FIRST_CONTACT_FAILED, false));
    }

    @ParameterizedTest
    @EnumSource(GroupRole.class)
    void shouldFailWhenTheLinkFailsAtAnyStage(GroupRole role) {
        GroupEvent[] stages = role == GroupRole.SERVER
                ? new GroupEvent[] {
                    new GroupEvent.StartFirstContact(PORT_1, Gid.NONE),
                    new GroupEvent.LinkPrepared(1, 1),
                    new GroupEvent.PeerKnown(PEER_1),
                    new GroupEvent.LinkReady(1, 1)
                }
                : new GroupEvent[] {
                    new GroupEvent.StartFirstContact(PORT_1, PEER_1),
                    new GroupEvent.LinkPrepared(1, 1),
                    new GroupEvent.ConfirmLinkRequest(1, 1)
                };
        Group group = Group.fresh(role, PORT_1);
        for (GroupEvent stage : stages) {
            group.feed(stage);
            LinkGroupState before = group.state;
            group.feed(new GroupEvent.LinkDown(1, 1));
            assertThat(group.effects)
                    .containsOnlyOnce(new GroupEffect.FirstContactFailed(false), new GroupEffect.ClearLink(1, 1));
            group.feed(new GroupEvent.LinkCleared(1, 1));
            assertThat(group.effects(GroupEffect.Free.class)).hasSize(1);
            group.state = before;
        }
    }

    @Test
    void shouldFreeAGroupWhoseFirstLinksOwnerStoppedUnasked() {
        server.feed(new GroupEvent.StartFirstContact(PORT_1, Gid.NONE), new GroupEvent.LinkCleared(1, 1));
        assertThat(server.effects(GroupEffect.ClearLink.class)).isEmpty(); // nothing is left to clear
        assertThat(server.effects(GroupEffect.FirstContactFailed.class)).hasSize(1);
        assertThat(server.effects(GroupEffect.Free.class)).hasSize(1);
    }

    @Test
    void shouldDropDuplicatesAndMessagesThatNobodyExpects() {
        Group listed = Group.listed(GroupRole.CLIENT, PORT_1);
        LinkGroupState before = listed.state;
        listed.feed(
                new GroupEvent.StartFirstContact(PORT_1, PEER_1),
                new GroupEvent.LinkPrepared(1, 1),
                new GroupEvent.LinkReady(1, 1),
                new GroupEvent.ConfirmLinkRequest(1, 1),
                new GroupEvent.ConfirmLinkResponse(1),
                new GroupEvent.PeerKnown(PEER_1),
                new GroupEvent.LinkDown(1, 7),
                new GroupEvent.LinkCleared(1, 7),
                new GroupEvent.FlowDeadline(1));
        assertThat(listed.state).isEqualTo(before);
    }

    @Test
    void shouldEstablishSmcdWithoutLinks() {
        LinkGroupState smcd = LinkGroupState.smcD(GroupRole.SERVER, GroupTimeouts.linux(GroupRole.SERVER), 16);
        Step step = LinkGroupMachine.step(smcd, new GroupEvent.SmcdEstablished());
        assertThat(step.effects()).contains(new GroupEffect.Established());
        step = LinkGroupMachine.step(step.state(), new GroupEvent.Terminate(TerminationCause.PEER_GONE));
        assertThat(step.effects()).endsWith(new GroupEffect.Free(TerminationCause.PEER_GONE, false));
    }
}
