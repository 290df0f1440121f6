package io.smc4j.protocol.lifecycle.group;

import static io.smc4j.protocol.lifecycle.group.Group.PEER_1;
import static io.smc4j.protocol.lifecycle.group.Group.PEER_2;
import static io.smc4j.protocol.lifecycle.group.Group.PORT_1;
import static io.smc4j.protocol.lifecycle.group.Group.PORT_2;
import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.SmcVersion;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Spec 4.4 and 4.13: in version 1 the rkeys of a new link are exchanged apart, between ADD LINK and CONFIRM LINK. */
final class Version1Test {
    private static final GroupEvent ADD_LINK = new GroupEvent.AddLinkRequest(1, 2, PEER_2, true);

    @Test
    void shouldLetTheServerBeginTheExchangeWhenItsEndIsReady() {
        Group server = addingServer().feed(new GroupEvent.AddLinkResponse(1, 2, false, PEER_2));
        assertThat(server.effects(GroupEffect.SendAddLinkContinue.class)).isEmpty();
        server.feed(new GroupEvent.LinkReady(2, 2));
        assertThat(server.effects)
                .containsExactly(armed(server, 2), new GroupEffect.SendAddLinkContinue(1, 2))
                .noneMatch(GroupEffect.SendConfirmLinkRequest.class::isInstance);
    }

    @Test
    void shouldConfirmTheLinkWhenNobodyHasKeysLeft() {
        Group server = exchangingServer().feed(new GroupEvent.AddLinkContinue(1, 2, false));
        assertThat(server.effects).contains(new GroupEffect.SendAddLinkContinue(1, 2));
        server.feed(new GroupEvent.AddLinkContinue(1, 2, true));
        assertThat(server.effects).containsExactly(armed(server, 5), new GroupEffect.SendConfirmLinkRequest(2));
        server.feed(new GroupEvent.ConfirmLinkResponse(2));
        assertThat(server.state.type()).isEqualTo(GroupType.SYMMETRIC);
    }

    @Test
    void shouldLetTheClientAnswerEveryMessageAndThenAwaitConfirmLink() {
        Group client = exchangingClient();
        assertThat(client.effects).containsExactly(armed(client, 2), new GroupEffect.SendAddLinkResponse(1, 2));
        client.feed(new GroupEvent.AddLinkContinue(1, 2, false));
        assertThat(client.effects).containsExactly(armed(client, 2), new GroupEffect.SendAddLinkContinue(1, 2));
        client.feed(new GroupEvent.AddLinkContinue(1, 2, true));
        assertThat(client.effects).containsExactly(armed(client, 5), new GroupEffect.SendAddLinkContinue(1, 2));
        client.feed(new GroupEvent.ConfirmLinkRequest(2, 2), new GroupEvent.LinkReady(2, 2));
        assertThat(client.state.type()).isEqualTo(GroupType.SYMMETRIC);
    }

    @Test
    void shouldGiveTheLinkUpWhenThePeerStopsExchanging() {
        for (Group group : new Group[] {exchangingServer(), exchangingClient()}) {
            group.flowTimesOut();
            assertThat(group.effects)
                    .containsExactly(
                            new GroupEffect.SendDeleteLinkRequest(1, 2, DeleteCause.LOST_PATH),
                            new GroupEffect.ClearLink(2, 2));
            assertThat(group.state.type()).isEqualTo(GroupType.SINGLE);
        }
    }

    @Test
    void shouldIgnoreContinuationsThatBelongToNoExchange() {
        for (GroupEvent stray : new GroupEvent[] {
            new GroupEvent.AddLinkContinue(2, 2, true), new GroupEvent.AddLinkContinue(1, 3, true),
        }) {
            for (Group group : new Group[] {exchangingServer(), exchangingClient()}) {
                LinkGroupState before = group.state;
                group.feed(stray);
                assertThat(group.effects).isEmpty();
                assertThat(group.state).isEqualTo(before);
            }
        }
        Group listed = Group.listed(GroupRole.CLIENT, PORT_1, PORT_2).feed(new GroupEvent.AddLinkContinue(1, 2, true));
        assertThat(listed.effects).isEmpty();
    }

    @Test
    void shouldEndTheExchangeWithTheCarryingLink() {
        Group server = exchangingServer().feed(new GroupEvent.LinkDown(1, 1));
        assertThat(server.state.phase()).isEqualTo(GroupPhase.CLEARING_LINKS);
    }

    @Test
    void shouldExchangeNothingApartInVersion2() {
        Group server = Group.addingServer()
                .feed(new GroupEvent.AddLinkResponse(1, 2, false, PEER_2), new GroupEvent.LinkReady(2, 2));
        assertThat(server.effects).contains(new GroupEffect.SendConfirmLinkRequest(2));
    }

    /** In every version. */
    @Test
    void shouldAdoptTheNumberThatTheServerGivesTheFirstLink() {
        Group client = version1(GroupRole.CLIENT)
                .feed(new GroupEvent.StartFirstContact(PORT_1, PEER_1))
                .join(7)
                .feed(new GroupEvent.LinkPrepared(1, 1), new GroupEvent.ConfirmLinkRequest(1, 9));
        assertThat(client.effects)
                .startsWith(new GroupEffect.RenumberLink(1, 9, 1))
                .endsWith(new GroupEffect.ReadyLink(9, 1));
        assertThat(client.state.links().keySet()).containsExactly(9);
        assertThat(client.state.connections()).containsEntry(7L, 9);
        client.feed(new GroupEvent.LinkReady(9, 1));
        assertThat(client.effects).contains(new GroupEffect.SendConfirmLinkResponse(9));
        client.feed(new GroupEvent.AddLinkRequest(9, 1, PEER_2, true));
        assertThat(client.state.links().keySet()).containsExactly(1, 9);
    }

    private static GroupEffect armed(Group group, int seconds) {
        return new GroupEffect.ArmFlowDeadline(group.state.flow().id(), Duration.ofSeconds(seconds));
    }

    private static Group version1(GroupRole role) {
        return Group.fresh(role, SmcVersion.V1, PORT_1, PORT_2);
    }

    private static Group addingServer() {
        return version1(GroupRole.SERVER)
                .feed(
                        new GroupEvent.StartFirstContact(PORT_1, Gid.NONE),
                        new GroupEvent.LinkPrepared(1, 1),
                        new GroupEvent.PeerKnown(PEER_1),
                        new GroupEvent.LinkReady(1, 1),
                        new GroupEvent.ConfirmLinkResponse(1),
                        new GroupEvent.LinkPrepared(2, 2));
    }

    private static Group exchangingServer() {
        return addingServer().feed(new GroupEvent.AddLinkResponse(1, 2, false, PEER_2), new GroupEvent.LinkReady(2, 2));
    }

    private static Group exchangingClient() {
        return version1(GroupRole.CLIENT)
                .feed(
                        new GroupEvent.StartFirstContact(PORT_1, PEER_1),
                        new GroupEvent.LinkPrepared(1, 1),
                        new GroupEvent.ConfirmLinkRequest(1, 1),
                        new GroupEvent.LinkReady(1, 1),
                        ADD_LINK,
                        new GroupEvent.LinkPrepared(2, 2));
    }
}
