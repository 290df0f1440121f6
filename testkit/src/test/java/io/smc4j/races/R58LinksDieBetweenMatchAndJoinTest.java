package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.group.JoinReply;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.lifecycle.group.GroupEffect;
import io.smc4j.protocol.lifecycle.group.GroupEvent;
import io.smc4j.protocol.lifecycle.group.GroupRole;
import io.smc4j.protocol.lifecycle.group.GroupTimeouts;
import io.smc4j.protocol.lifecycle.group.JoinRefusal;
import io.smc4j.protocol.lifecycle.group.LinkGroupMachine;
import io.smc4j.protocol.lifecycle.group.LinkGroupState;
import io.smc4j.protocol.lifecycle.group.LocalPort;
import io.smc4j.protocol.lifecycle.group.Step;
import io.smc4j.protocol.lifecycle.group.TerminationCause;
import io.smc4j.protocol.llc.LlcDeleteLink;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * a handshake was given a group whose links die before it joins. What it did not get it must not give back: a refused join
 * leaves no trace.
 */
@Timeout(60)
class R58LinksDieBetweenMatchAndJoinTest {
    private static final LocalPort PORT = new LocalPort("fake0", 1);

    private static LinkGroupState listed(GroupRole role) {
        LinkGroupState state =
                LinkGroupState.smcR(role, GroupTimeouts.linux(role), 1, 16, new TreeSet<>(List.of(PORT)));
        List<GroupEvent> life = role == GroupRole.SERVER
                ? List.of(
                        new GroupEvent.StartFirstContact(PORT, Gid.NONE),
                        new GroupEvent.Join(1, OptionalInt.empty()),
                        new GroupEvent.LinkPrepared(1, 1),
                        new GroupEvent.PeerKnown(new Gid(1, 2)),
                        new GroupEvent.LinkReady(1, 1),
                        new GroupEvent.ConfirmLinkResponse(1))
                : List.of(
                        new GroupEvent.StartFirstContact(PORT, new Gid(1, 2)),
                        new GroupEvent.Join(1, OptionalInt.empty()),
                        new GroupEvent.LinkPrepared(1, 1),
                        new GroupEvent.ConfirmLinkRequest(1, 1),
                        new GroupEvent.LinkReady(1, 1));
        for (GroupEvent event : life) {
            state = LinkGroupMachine.step(state, event).state();
        }
        return state;
    }

    @Test
    void shouldLeaveNoTraceOfARefusedJoin() {
        LinkGroupState client = listed(GroupRole.CLIENT);
        LinkGroupState ending = LinkGroupMachine.step(
                        listed(GroupRole.SERVER), new GroupEvent.Terminate(TerminationCause.IDLE))
                .state();
        assertRefused(client, new GroupEvent.Join(9, OptionalInt.of(2)), JoinRefusal.NO_LINK);
        assertRefused(ending, new GroupEvent.Join(9, OptionalInt.empty()), JoinRefusal.NOT_LISTED);
        Step left = LinkGroupMachine.step(client, new GroupEvent.Left(9)); // nor can it be undone twice
        assertThat(left.state()).isEqualTo(client);
        assertThat(left.effects()).isEmpty();
    }

    private static void assertRefused(LinkGroupState state, GroupEvent.Join join, JoinRefusal why) {
        Step step = LinkGroupMachine.step(state, join);
        assertThat(step.state()).isEqualTo(state);
        assertThat(step.effects()).containsExactly(new GroupEffect.JoinRefused(9, why));
    }

    @Test
    void shouldRefuseWhoJoinsRightAfterTheLastLinkDied() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = bench.listedServer(1);
            bench.blocking.close(); // the group ends, but cannot be over yet
            bench.portDown(server.group(), 1);
            BenchA.until(() -> assertThat(bench.unlisted()).isEqualTo(1));
            JoinReply.Refused refused = bench.joinServer(server.group()).expect(JoinReply.Refused.class);
            assertThat(refused.tryAnother()).isTrue();
            bench.blocking.open();
            bench.awaitStopped(server.group());
            bench.assertNothingLeft();
            assertThat(bench.unlisted()).isEqualTo(1);
        }
    }

    @Test
    void shouldFailWhoJoinedRightBeforeTheLastLinkDied() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = bench.listedServer(1);
            bench.blocking.close();
            BenchA.Handshake handshake = bench.joinServer(server.group());
            BenchA.until(() -> assertThat(bench.blocking.waiting()).isEqualTo(1)); // a member, without a buffer
            bench.portDown(server.group(), 1);
            handshake.expect(JoinReply.Failed.class);
            bench.blocking.open();
            bench.awaitStopped(server.group());
            bench.assertNothingLeft();
        }
    }

    @Test
    void shouldRefuseAClientWhoseLinkDiedSinceAccept() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed client = bench.listedClient(2);
            FakeQpA second = bench.secondLinkOfClient(client);
            bench.portDown(client.group(), 1); // the link that ACCEPT names
            assertThat(second.expect(LlcDeleteLink.class).linkNumber()).isEqualTo(1); // the group knows
            BenchA.Handshake handshake = bench.joinClient(client.group(), false, 2);
            JoinReply.Refused refused = handshake.expect(JoinReply.Refused.class);
            assertThat(refused.tryAnother()).isFalse();
            bench.everythingHeard(second); // and no CONFIRM RKEY was sent for it
        }
    }
}
