package io.smc4j.protocol.lifecycle.group;

import static io.smc4j.protocol.lifecycle.group.Group.PEER_1;
import static io.smc4j.protocol.lifecycle.group.Group.PEER_2;
import static io.smc4j.protocol.lifecycle.group.Group.PORT_1;
import static io.smc4j.protocol.lifecycle.group.Group.PORT_2;
import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.protocol.Gid;
import org.junit.jupiter.api.Test;

/** Spec 4.13 and 4.14: further links. */
final class AddLinkTest {
    private static final GroupEvent REQUEST = new GroupEvent.AddLinkRequest(1, 2, PEER_2, true);

    @Test
    void shouldMakeTheGroupSymmetricOnBothSides() {
        for (GroupRole role : GroupRole.values()) {
            Group group = Group.symmetric(role);
            assertThat(group.state.type()).isEqualTo(GroupType.SYMMETRIC);
            assertThat(group.state.flow()).isInstanceOf(Flow.None.class);
            assertThat(group.effects).contains(new GroupEffect.LinkActivated(2, 2));
        }
    }

    @Test
    void shouldClearTheNewLinkWhenTheClientRejects() {
        Group server = Group.addingServer().feed(new GroupEvent.AddLinkResponse(1, 2, true, PEER_1));
        assertThat(server.effects).containsExactly(new GroupEffect.ClearLink(2, 2));
        assertThat(server.state.type()).isEqualTo(GroupType.SINGLE);
    }

    @Test
    void shouldTakeARejectThatFollowsAnAcceptance() { // as Linux does when its end fails after it has answered
        Group server = Group.addingServer()
                .feed(
                        new GroupEvent.AddLinkResponse(1, 2, false, PEER_2),
                        new GroupEvent.AddLinkResponse(1, 2, true, PEER_2));
        assertThat(server.effects).containsExactly(new GroupEffect.ClearLink(2, 2));
        assertThat(server.state.flow()).isInstanceOf(Flow.None.class);
    }

    @Test
    void shouldTakeALinkBackFromThePeerWhenConfirmLinkIsNotAnswered() {
        Group server = Group.addingServer()
                .feed(new GroupEvent.AddLinkResponse(1, 2, false, PEER_2), new GroupEvent.LinkReady(2, 2))
                .flowTimesOut();
        assertThat(server.effects)
                .containsExactly(
                        new GroupEffect.SendDeleteLinkRequest(1, 2, DeleteCause.LOST_PATH),
                        new GroupEffect.ClearLink(2, 2));
    }

    @Test
    void shouldEndWithTheLastLinkWhenTheCarryingLinkFails() {
        Group server = Group.addingServer().feed(new GroupEvent.LinkDown(1, 1));
        assertThat(server.state.phase()).isEqualTo(GroupPhase.CLEARING_LINKS);
        assertThat(server.effects(GroupEffect.ClearLink.class)).hasSize(2);
    }

    @Test
    void shouldNotUseANumberAgainWhileThePeerMayStillBeClearingIt() {
        Group server = Group.addingServer()
                .feed(
                        new GroupEvent.AddLinkResponse(1, 2, true, PEER_1),
                        new GroupEvent.LinkCleared(2, 2),
                        new GroupEvent.AddLinkInvited(1));
        assertThat(server.effects).contains(new GroupEffect.PrepareLink(3, 3, PORT_2));
    }

    @Test
    void shouldRejectWhatTheClientCannotUse() {
        Group onePort = Group.listed(GroupRole.CLIENT, PORT_1);
        assertThat(onePort.feed(new GroupEvent.AddLinkRequest(1, 2, PEER_1, true)).effects)
                .containsExactly(new GroupEffect.SendAddLinkReject(1, 2));
        Group client = Group.listed(GroupRole.CLIENT, PORT_1, PORT_2);
        assertThat(client.feed(new GroupEvent.AddLinkRequest(1, 2, PEER_2, false)).effects)
                .containsExactly(new GroupEffect.SendAddLinkReject(1, 2));
        assertThat(client.feed(new GroupEvent.AddLinkRequest(1, 1, PEER_2, true)).effects)
                .containsExactly(new GroupEffect.SendAddLinkReject(1, 1));
    }

    @Test
    void shouldRejectAtOnceWhenTheClientsNewQueuePairCannotBeMade() {
        Group client = Group.listed(GroupRole.CLIENT, PORT_1, PORT_2).feed(REQUEST, new GroupEvent.LinkDown(2, 2));
        assertThat(client.effects)
                .containsExactly(new GroupEffect.SendAddLinkReject(1, 2), new GroupEffect.ClearLink(2, 2));
    }

    @Test
    void shouldTellTheServerWhenConfirmLinkDoesNotComeInTime() {
        Group client = Group.listed(GroupRole.CLIENT, PORT_1, PORT_2)
                .feed(REQUEST, new GroupEvent.LinkPrepared(2, 2))
                .flowTimesOut();
        assertThat(client.effects)
                .containsExactly(
                        new GroupEffect.SendDeleteLinkRequest(1, 2, DeleteCause.LOST_PATH),
                        new GroupEffect.ClearLink(2, 2));
    }

    @Test
    void shouldGiveUpWhenDeleteLinkComesInsteadOfConfirmLink() {
        Group client = Group.listed(GroupRole.CLIENT, PORT_1, PORT_2)
                .feed(REQUEST, new GroupEvent.LinkPrepared(2, 2), new GroupEvent.DeleteLinkRequest(1, 2));
        assertThat(client.effects)
                .containsExactly(new GroupEffect.SendDeleteLinkResponse(1, 2, true), new GroupEffect.ClearLink(2, 2));
    }

    @Test
    void shouldDelayAnAddLinkUntilTheRunningFlowHasEnded() {
        Group client = clientConfirmingRkey().feed(REQUEST);
        assertThat(client.effects).isEmpty();
        client.feed(new GroupEvent.ConfirmRkeyResponse(1, 7, false));
        assertThat(client.effects)
                .containsSubsequence(new GroupEffect.RkeyConfirmed(7, true), new GroupEffect.PrepareLink(2, 2, PORT_2));
    }

    @Test
    void shouldForgetADelayedAddLinkThatTheServerTookBack() {
        Group client = clientConfirmingRkey()
                .feed(REQUEST, new GroupEvent.DeleteLinkRequest(1, 2), new GroupEvent.ConfirmRkeyResponse(1, 7, false));
        assertThat(client.effects).containsExactly(new GroupEffect.RkeyConfirmed(7, true));
    }

    @Test
    void shouldLeaveAnActiveLinkAloneWhenItsOwnerRepeatsItself() {
        Group server = Group.symmetric(GroupRole.SERVER);
        LinkGroupState before = server.state;
        server.feed(
                new GroupEvent.LinkPrepared(2, 2),
                new GroupEvent.LinkReady(2, 2),
                new GroupEvent.ConfirmLinkResponse(2),
                new GroupEvent.AddLinkResponse(1, 2, true, PEER_2));
        assertThat(server.state).isEqualTo(before);
    }

    @Test
    void shouldAskForALinkWhenAPortComesUp() {
        Group client = Group.listed(GroupRole.CLIENT, PORT_1).feed(new GroupEvent.PortUp(PORT_2));
        assertThat(client.effects).containsExactly(new GroupEffect.SendRequestAddLink(1));
        Group server = Group.listed(GroupRole.SERVER, PORT_1).feed(new GroupEvent.PortUp(PORT_2));
        assertThat(server.effects(GroupEffect.PrepareLink.class))
                .extracting(GroupEffect.PrepareLink::port)
                .containsExactly(PORT_2);
    }

    @Test
    void shouldNotUseAPortThatIsDown() {
        Group server = Group.listed(GroupRole.SERVER, PORT_1, PORT_2)
                .feed(new GroupEvent.PortDown(PORT_2), new GroupEvent.AddLinkInvited(1));
        assertThat(server.effects(GroupEffect.PrepareLink.class))
                .extracting(GroupEffect.PrepareLink::port)
                .containsExactly(PORT_1);
    }

    @Test
    void shouldReplaceAnAsymmetricLinkByASymmetricOne() {
        Group server = Group.listed(GroupRole.SERVER, PORT_1).feed(new GroupEvent.AddLinkInvited(1));
        add(server, 3, PEER_2);
        assertThat(server.state.type()).isEqualTo(GroupType.ASYMMETRIC_LOCAL);
        server.join(7).feed(new GroupEvent.PortUp(PORT_2));
        add(server, 4, PEER_1);
        assertThat(server.effects)
                .contains(
                        new GroupEffect.MoveConnections(1, 3),
                        new GroupEffect.SendDeleteLinkRequest(3, 1, DeleteCause.ASYMMETRIC_NO_LONGER_NEEDED));
        assertThat(server.state.type()).isEqualTo(GroupType.SYMMETRIC);
        assertThat(server.join(8).join(9).state.connections().values()).doesNotContain(1);
        assertThat(server.feed(new GroupEvent.DeleteLinkResponse(3)).effects)
                .containsExactly(new GroupEffect.ClearLink(1, 1));
    }

    @Test
    void shouldUseAPortThatComesUpWhileALinkIsAdded() {
        Group server = Group.listed(GroupRole.SERVER, PORT_1).feed(new GroupEvent.AddLinkInvited(1));
        server.feed(new GroupEvent.PortUp(PORT_2)); // too late for link 3, which is on port 1
        add(server, 3, PEER_2);
        assertThat(server.effects(GroupEffect.PrepareLink.class))
                .extracting(GroupEffect.PrepareLink::port)
                .containsExactly(PORT_2);
        add(server, 4, PEER_1);
        assertThat(server.state.type()).isEqualTo(GroupType.SYMMETRIC);
    }

    @Test
    void shouldAddALinkForAClientThatGetsASecondPort() {
        Group server = Group.listed(GroupRole.SERVER, PORT_1, PORT_2).feed(new GroupEvent.AddLinkInvited(1));
        add(server, 3, PEER_1);
        assertThat(server.state.type()).isEqualTo(GroupType.ASYMMETRIC_PEER);
        server.feed(new GroupEvent.AddLinkInvited(1));
        assertThat(server.effects(GroupEffect.PrepareLink.class))
                .extracting(GroupEffect.PrepareLink::port)
                .containsExactly(PORT_1);
        add(server, 4, PEER_2);
        assertThat(server.state.type()).isEqualTo(GroupType.SYMMETRIC);
        assertThat(server.effects)
                .contains(new GroupEffect.SendDeleteLinkRequest(3, 1, DeleteCause.ASYMMETRIC_NO_LONGER_NEEDED));
        server.feed(new GroupEvent.DeleteLinkResponse(3), new GroupEvent.LinkCleared(1, 1));
        assertThat(server.state.links().keySet()).containsExactly(3, 4);
        assertThat(server.state.type()).isEqualTo(GroupType.SYMMETRIC);
    }

    @Test
    void shouldNotWaitForALinkThatIsBeingCleared() {
        Group server =
                Group.symmetric(GroupRole.SERVER).feed(new GroupEvent.PortDown(PORT_2), new GroupEvent.LinkDown(2, 2));
        server.feed(new GroupEvent.DeleteLinkResponse(1)); // link 2 is not cleared yet
        add(server, 3, PEER_2);
        assertThat(server.state.type()).isEqualTo(GroupType.ASYMMETRIC_LOCAL);
        server.feed(new GroupEvent.PortUp(PORT_2));
        add(server, 4, PEER_1);
        assertThat(server.state.type()).isEqualTo(GroupType.SYMMETRIC);
    }

    private static void add(Group server, int number, Gid peer) {
        server.feed(
                new GroupEvent.LinkPrepared(number, number),
                new GroupEvent.AddLinkResponse(1, number, false, peer),
                new GroupEvent.LinkReady(number, number),
                new GroupEvent.ConfirmLinkResponse(number));
    }

    private static Group clientConfirmingRkey() {
        return Group.listed(GroupRole.CLIENT, PORT_1, PORT_2).join(7).feed(new GroupEvent.ConfirmRkeyWanted(7));
    }
}
