package io.smc4j.protocol.lifecycle.group;

import static io.smc4j.protocol.lifecycle.group.Group.PEER_2;
import static io.smc4j.protocol.lifecycle.group.Group.PORT_1;
import static io.smc4j.protocol.lifecycle.group.Group.PORT_2;
import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.protocol.Gid;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Who may join, on which link, and what becomes of an empty group. */
final class MembershipTest {
    @Test
    void shouldLetOnlyTheFirstConnectionIntoAFormingGroup() {
        Group group = Group.fresh(GroupRole.SERVER, PORT_1).join(1);
        assertThat(group.effects).containsExactly(new GroupEffect.Joined(1, 1));
        assertThat(group.join(2).effects).containsExactly(new GroupEffect.JoinRefused(2, JoinRefusal.NOT_LISTED));
    }

    @Test
    void shouldSpreadConnectionsOverLinksUpToTheLimit() {
        Group group = Group.symmetric(GroupRole.SERVER);
        for (int i = 1; i <= 16; i++) {
            assertThat(group.join(i).effects).containsExactly(new GroupEffect.Joined(i, 2 - i % 2));
        }
        assertThat(group.join(17).effects).containsExactly(new GroupEffect.JoinRefused(17, JoinRefusal.FULL));
    }

    @Test
    void shouldJoinTheClientOnTheNamedLinkOnlyIfThatIsActive() {
        Group client = Group.listed(GroupRole.CLIENT, PORT_1, PORT_2)
                .feed(new GroupEvent.AddLinkRequest(1, 2, PEER_2, true), new GroupEvent.LinkPrepared(2, 2));
        assertThat(client.feed(new GroupEvent.Join(1, OptionalInt.of(1))).effects)
                .containsExactly(new GroupEffect.Joined(1, 1));
        assertThat(client.feed(new GroupEvent.Join(2, OptionalInt.of(2))).effects)
                .containsExactly(new GroupEffect.JoinRefused(2, JoinRefusal.NO_LINK));
        assertThat(client.feed(new GroupEvent.Join(3, OptionalInt.of(9))).effects)
                .containsExactly(new GroupEffect.JoinRefused(3, JoinRefusal.NO_LINK));
    }

    @Test
    void shouldIgnoreAnIdleDeadlineOfAnEarlierIdleTime() {
        Group group = Group.listed(GroupRole.CLIENT, PORT_1);
        int stale = group.state.idleEpoch();
        group.join(1).feed(new GroupEvent.IdleDeadline(stale));
        assertThat(group.state.phase()).isEqualTo(GroupPhase.LISTED);
        group.feed(new GroupEvent.Left(1));
        assertThat(group.effects(GroupEffect.ArmIdleDeadline.class)).hasSize(1);
        group.feed(new GroupEvent.IdleDeadline(stale));
        assertThat(group.state.phase()).isEqualTo(GroupPhase.LISTED);
        group.feed(new GroupEvent.IdleDeadline(group.state.idleEpoch()));
        assertThat(group.effects)
                .contains(
                        new GroupEffect.Unlist(TerminationCause.IDLE),
                        new GroupEffect.SendDeleteAll(1, TerminationCause.IDLE));
    }

    @Test
    void shouldEndAFormingGroupThatLosesItsFirstConnection() { // else those who wait for it wait for ever
        for (boolean smcD : new boolean[] {false, true}) {
            Group group = smcD
                    ? Group.freshSmcd(GroupRole.SERVER).join(1)
                    : Group.fresh(GroupRole.SERVER, PORT_1)
                            .feed(new GroupEvent.StartFirstContact(PORT_1, Gid.NONE))
                            .join(1);
            group.feed(new GroupEvent.Left(2));
            assertThat(group.state.phase()).isEqualTo(GroupPhase.FORMING);
            group.feed(new GroupEvent.Left(1));
            assertThat(group.effects)
                    .contains(
                            new GroupEffect.Unlist(TerminationCause.FIRST_CONTACT_FAILED),
                            new GroupEffect.FirstContactFailed(false));
        }
    }

    @Test
    void shouldLetTheServerIdleShorterThanTheClient() {
        assertThat(GroupTimeouts.linux(GroupRole.SERVER).idle())
                .isLessThan(GroupTimeouts.linux(GroupRole.CLIENT).idle());
    }
}
