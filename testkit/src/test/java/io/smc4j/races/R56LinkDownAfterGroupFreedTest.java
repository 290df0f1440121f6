package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.group.GroupSpec;
import io.smc4j.actors.group.JoinReply;
import io.smc4j.actors.group.LinkGroup;
import io.smc4j.actors.group.SmcrLinkGroup;
import io.smc4j.actors.node.ActorKind;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.SmcVersion;
import io.smc4j.protocol.lifecycle.group.GroupEvent;
import io.smc4j.protocol.lifecycle.group.GroupPhase;
import io.smc4j.protocol.lifecycle.group.GroupRole;
import io.smc4j.protocol.lifecycle.group.GroupTimeouts;
import io.smc4j.protocol.lifecycle.group.LinkGroupMachine;
import io.smc4j.protocol.lifecycle.group.LinkGroupState;
import io.smc4j.protocol.lifecycle.group.LocalPort;
import io.smc4j.protocol.lifecycle.group.Step;
import io.smc4j.protocol.lifecycle.group.TerminationCause;
import io.smc4j.testkit.faults.ActorFault;
import io.smc4j.testkit.faults.FaultDirector;
import io.smc4j.testkit.faults.FaultLog;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** news of a broken link is read after its group is freed, or by another link of that number. It finds nobody. */
@Timeout(60)
class R56LinkDownAfterGroupFreedTest {
    private static final LocalPort PORT = new LocalPort("fake0", 1);

    @Test
    void shouldDropWhatALinkReportsToAGroupThatIsGone() throws Exception {
        try (BenchA bench = new BenchA()) {
            FaultDirector director = new FaultDirector("bench", new FaultLog());
            ActorFault down = director.at(ActorKind.LINK_GROUP)
                    .matching(message -> message.toString().contains("Down["))
                    .hold();
            ActorRef<LinkGroup.Command> group = bench.kit.spawn(director.decorator()
                    .decorate(
                            ActorKind.LINK_GROUP,
                            SmcrLinkGroup.create(new GroupSpec(
                                    bench.node,
                                    GroupRole.SERVER,
                                    0x100,
                                    SmcVersion.V2_1,
                                    new GroupSpec.Limits(1, 16),
                                    bench.notices::add))));
            BenchA.Handshake handshake = bench.joinServer(group);
            handshake.expect(JoinReply.Offered.class);
            bench.qp(0).breakNow();
            down.awaitStruck(BenchA.PATIENCE); // the news waits in the group's mailbox
            group.tell(new LinkGroup.Terminate(TerminationCause.NODE_SHUTDOWN));
            handshake.expect(JoinReply.Failed.class);
            bench.awaitStopped(group);
            down.release();
            bench.assertNothingLeft();
            assertThat(bench.unlisted()).isEqualTo(1);
        }
    }

    @Test
    void shouldDropNewsOfAnotherIncarnation() {
        LinkGroupState state = LinkGroupState.smcR(
                GroupRole.SERVER, GroupTimeouts.linux(GroupRole.SERVER), 2, 16, new TreeSet<>(List.of(PORT)));
        state = LinkGroupMachine.step(state, new GroupEvent.StartFirstContact(PORT, Gid.NONE))
                .state();
        int incarnation = state.links().get(1).incarnation();
        for (GroupEvent stale : List.of(
                new GroupEvent.LinkDown(1, incarnation + 1),
                new GroupEvent.LinkDown(2, incarnation),
                new GroupEvent.LinkCleared(1, incarnation + 1),
                new GroupEvent.LinkPrepared(1, incarnation + 1))) {
            Step step = LinkGroupMachine.step(state, stale);
            assertThat(step.state()).as("after %s", stale).isEqualTo(state);
            assertThat(step.effects()).as("after %s", stale).isEmpty();
        }
    }

    @Test
    void shouldChangeNothingByAnyEventAfterTheEnd() {
        LinkGroupState freed = LinkGroupState.smcR(
                GroupRole.SERVER, GroupTimeouts.linux(GroupRole.SERVER), 2, 16, new TreeSet<>(List.of(PORT)));
        List<GroupEvent> life = List.of(
                new GroupEvent.StartFirstContact(PORT, Gid.NONE),
                new GroupEvent.LinkPrepared(1, 1),
                new GroupEvent.LinkDown(1, 1),
                new GroupEvent.LinkCleared(1, 1));
        for (GroupEvent event : life) {
            freed = LinkGroupMachine.step(freed, event).state();
        }
        assertThat(freed.phase()).isEqualTo(GroupPhase.FREED);
        Gid gid = new Gid(1, 2);
        for (GroupEvent late : List.of(
                new GroupEvent.LinkDown(1, 1),
                new GroupEvent.LinkCleared(1, 1),
                new GroupEvent.LinkPrepared(1, 1),
                new GroupEvent.LinkReady(1, 1),
                new GroupEvent.PortUp(PORT),
                new GroupEvent.PortDown(PORT),
                new GroupEvent.ConfirmLinkRequest(1, 1),
                new GroupEvent.ConfirmLinkResponse(1),
                new GroupEvent.AddLinkRequest(1, 2, gid, true),
                new GroupEvent.AddLinkResponse(1, 2, false, gid),
                new GroupEvent.AddLinkInvited(1),
                new GroupEvent.DeleteLinkRequest(1, 1),
                new GroupEvent.DeleteLinkResponse(1),
                new GroupEvent.DeleteAllRequest(1),
                new GroupEvent.ConfirmRkeyResponse(1, 1, false),
                new GroupEvent.DeleteRkeyResponse(1, false),
                new GroupEvent.Join(5, OptionalInt.empty()),
                new GroupEvent.ConfirmRkeyWanted(1),
                new GroupEvent.DeleteRkeyWanted(1),
                new GroupEvent.Left(1),
                new GroupEvent.FlowDeadline(0),
                new GroupEvent.RequestDeadline(1),
                new GroupEvent.IdleDeadline(0),
                new GroupEvent.StepDeadline(GroupPhase.FREED),
                new GroupEvent.Terminate(TerminationCause.IDLE),
                new GroupEvent.PeerNotified())) {
            Step step = LinkGroupMachine.step(freed, late);
            assertThat(step.state()).as("after %s", late).isEqualTo(freed);
            assertThat(step.effects()).as("after %s", late).isEmpty();
        }
    }
}
