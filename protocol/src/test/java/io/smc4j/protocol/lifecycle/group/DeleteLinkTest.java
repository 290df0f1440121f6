package io.smc4j.protocol.lifecycle.group;

import static io.smc4j.protocol.lifecycle.group.Group.PORT_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Spec 4.15: failing and deleted links. */
final class DeleteLinkTest {
    private final Group server = Group.symmetric(GroupRole.SERVER).join(7);
    private final Group client = Group.symmetric(GroupRole.CLIENT).join(7);

    @Test
    void shouldFailOverAndTellTheClientAndReplaceTheLink() {
        server.feed(new GroupEvent.LinkDown(1, 1));
        assertThat(server.effects)
                .containsSubsequence(
                        new GroupEffect.MoveConnections(1, 2),
                        new GroupEffect.SendDeleteLinkRequest(2, 1, DeleteCause.LOST_PATH));
        assertThat(server.effects).endsWith(new GroupEffect.SendDeleteLinkRequest(2, 1, DeleteCause.LOST_PATH));
        assertThat(server.effects(GroupEffect.ClearLink.class)).hasSize(1);
        assertThat(server.state.type()).isEqualTo(GroupType.SINGLE);
        assertThat(server.state.connections()).containsEntry(7L, 2);
        server.feed(new GroupEvent.LinkCleared(1, 1), new GroupEvent.DeleteLinkResponse(2));
        assertThat(server.effects(GroupEffect.PrepareLink.class))
                .containsExactly(new GroupEffect.PrepareLink(3, 3, PORT_1));
    }

    @Test
    void shouldGoOnWhenTheClientDoesNotAnswerDeleteLink() {
        server.feed(new GroupEvent.LinkDown(1, 1), new GroupEvent.LinkCleared(1, 1))
                .flowTimesOut();
        assertThat(server.effects(GroupEffect.PrepareLink.class)).hasSize(1);
    }

    @Test
    void shouldTellTheServerAndNotWaitWhenTheClientsLinkFails() {
        client.feed(new GroupEvent.LinkDown(1, 1));
        assertThat(client.effects)
                .containsExactly(
                        new GroupEffect.MoveConnections(1, 2),
                        new GroupEffect.SendDeleteLinkRequest(2, 1, DeleteCause.LOST_PATH),
                        new GroupEffect.ClearLink(1, 1));
        assertThat(client.state.flow()).isInstanceOf(Flow.None.class);
    }

    @Test
    void shouldSendTheClientsRequestBackAsRequest() {
        server.feed(new GroupEvent.DeleteLinkRequest(2, 1));
        assertThat(server.effects)
                .contains(
                        new GroupEffect.MoveConnections(1, 2),
                        new GroupEffect.ClearLink(1, 1),
                        new GroupEffect.SendDeleteLinkRequest(2, 1, DeleteCause.LOST_PATH));
    }

    @Test
    void shouldMoveTheConnectionsEvenIfAnotherFlowIsRunning() {
        Group rkey = server.feed(new GroupEvent.ConfirmRkeyWanted(7), new GroupEvent.DeleteLinkRequest(1, 2));
        assertThat(rkey.effects).contains(new GroupEffect.MoveConnections(2, 1), new GroupEffect.ClearLink(2, 2));
        rkey.feed(new GroupEvent.ConfirmRkeyResponse(1, 7, false));
        assertThat(rkey.effects).contains(new GroupEffect.SendDeleteLinkRequest(1, 2, DeleteCause.LOST_PATH));
    }

    @Test
    void shouldEndTheMatterOnceWhenBothSidesDeleteTheSameLink() {
        server.feed(new GroupEvent.LinkDown(1, 1), new GroupEvent.DeleteLinkRequest(2, 1));
        assertThat(server.effects).isEmpty();
        client.feed(new GroupEvent.LinkDown(1, 1), new GroupEvent.DeleteLinkRequest(2, 1));
        assertThat(client.effects).containsExactly(new GroupEffect.SendDeleteLinkResponse(2, 1, true));
        client.feed(new GroupEvent.LinkCleared(1, 1), new GroupEvent.DeleteLinkRequest(2, 1));
        assertThat(client.effects).containsExactly(new GroupEffect.SendDeleteLinkResponse(2, 1, false));
    }

    @Test
    void shouldMoveAndClearAtTheClientWhenTheServerDeletes() {
        client.feed(new GroupEvent.DeleteLinkRequest(2, 1));
        assertThat(client.effects)
                .containsExactly(
                        new GroupEffect.SendDeleteLinkResponse(2, 1, true),
                        new GroupEffect.MoveConnections(1, 2),
                        new GroupEffect.ClearLink(1, 1));
    }

    @Test
    void shouldGiveUpAHalfBuiltLinkWhoseCarrierFails() {
        Group three = client.feed(
                new GroupEvent.DeleteLinkRequest(2, 1),
                new GroupEvent.LinkCleared(1, 1),
                new GroupEvent.AddLinkRequest(2, 3, Group.PEER_1, true));
        three.feed(new GroupEvent.LinkDown(2, 2));
        assertThat(three.state.phase().terminating()).isTrue();
        assertThat(three.effects).contains(new GroupEffect.ClearLink(3, 3), new GroupEffect.ClearLink(2, 2));
    }

    @Test
    void shouldEndWhenTheLastLinkFailsOrIsDeleted() {
        Group lost =
                Group.symmetric(GroupRole.SERVER).feed(new GroupEvent.LinkDown(1, 1), new GroupEvent.LinkDown(2, 2));
        assertThat(lost.effects).contains(new GroupEffect.Unlist(TerminationCause.LINKS_LOST));
        Group deleted = Group.listed(GroupRole.CLIENT, PORT_1).feed(new GroupEvent.DeleteLinkRequest(1, 1));
        assertThat(deleted.effects).contains(new GroupEffect.Unlist(TerminationCause.LINKS_LOST));
    }

    @Test
    void shouldCountAFailedLinkOnce() {
        server.feed(new GroupEvent.LinkDown(1, 1));
        LinkGroupState before = server.state;
        assertThat(server.feed(new GroupEvent.LinkDown(1, 1)).state).isEqualTo(before);
    }

    @Test
    void shouldFailOverWhenALinksOwnerStopsUnasked() {
        server.feed(new GroupEvent.LinkCleared(1, 1));
        assertThat(server.effects).contains(new GroupEffect.MoveConnections(1, 2));
        assertThat(server.effects(GroupEffect.ClearLink.class)).isEmpty();
        assertThat(server.state.links()).containsOnlyKeys(2);
    }

    @Test
    void shouldDropARequestThatCameOnALinkOutOfUse() {
        server.feed(new GroupEvent.LinkDown(1, 1));
        LinkGroupState before = server.state;
        assertThat(server.feed(new GroupEvent.DeleteLinkRequest(1, 2)).state).isEqualTo(before);
    }

    @Test
    void shouldGiveARestartedFlowANewDeadline() {
        server.feed(new GroupEvent.ConfirmRkeyWanted(7), new GroupEvent.LinkDown(1, 1));
        FlowRequest waiting = server.state.waiting().getFirst();
        assertThat(waiting).isInstanceOf(FlowRequest.WantRkeyConfirmed.class);
        assertThat(server.effects(GroupEffect.ArmRequestDeadline.class))
                .extracting(GroupEffect.ArmRequestDeadline::request)
                .contains(waiting.id());
        server.feed(new GroupEvent.DeleteLinkResponse(2));
        assertThat(server.effects).contains(new GroupEffect.SendConfirmRkey(2, 7));
    }
}
