package io.smc4j.protocol.lifecycle.group;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.SmcVersion;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;

/** A machine in a test's hands: events in, the last step's effects out. */
final class Group {
    static final LocalPort PORT_1 = new LocalPort("mlx5_0", 1);
    static final LocalPort PORT_2 = new LocalPort("mlx5_1", 1);
    static final Gid PEER_1 = Gid.ofIpv4Mapped(0x0A000001);
    static final Gid PEER_2 = Gid.ofIpv4Mapped(0x0A000002);

    LinkGroupState state;
    List<GroupEffect> effects = List.of();

    private Group(LinkGroupState state) {
        this.state = state;
    }

    /** A group that has not begun. */
    static Group fresh(GroupRole role, LocalPort... ports) {
        return fresh(role, SmcVersion.V2_1, ports);
    }

    /** A group of a version that has not begun. */
    static Group fresh(GroupRole role, SmcVersion version, LocalPort... ports) {
        SortedSet<LocalPort> up = new TreeSet<>(List.of(ports));
        return new Group(LinkGroupState.smcR(role, version, GroupTimeouts.linux(role), 2, 16, up));
    }

    /** An SMC-D group that has not begun. */
    static Group freshSmcd(GroupRole role) {
        return new Group(LinkGroupState.smcD(role, GroupTimeouts.linux(role), 16));
    }

    /** A group whose first link is active, with nothing going on. */
    static Group listed(GroupRole role, LocalPort... ports) {
        Group g = fresh(role, ports);
        if (role == GroupRole.SERVER) {
            g.feed(
                    new GroupEvent.StartFirstContact(PORT_1, Gid.NONE),
                    new GroupEvent.LinkPrepared(1, 1),
                    new GroupEvent.PeerKnown(PEER_1),
                    new GroupEvent.LinkReady(1, 1),
                    new GroupEvent.ConfirmLinkResponse(1));
            if (g.state.flow() instanceof Flow.AddLink) {
                g.feed(new GroupEvent.LinkDown(2, 2), new GroupEvent.LinkCleared(2, 2));
            }
        } else {
            g.feed(
                    new GroupEvent.StartFirstContact(PORT_1, PEER_1),
                    new GroupEvent.LinkPrepared(1, 1),
                    new GroupEvent.ConfirmLinkRequest(1, 1),
                    new GroupEvent.LinkReady(1, 1));
        }
        return g;
    }

    /** A server that waits for the answer to its ADD LINK of link 2. */
    static Group addingServer() {
        Group g = fresh(GroupRole.SERVER, PORT_1, PORT_2);
        return g.feed(
                new GroupEvent.StartFirstContact(PORT_1, Gid.NONE),
                new GroupEvent.LinkPrepared(1, 1),
                new GroupEvent.PeerKnown(PEER_1),
                new GroupEvent.LinkReady(1, 1),
                new GroupEvent.ConfirmLinkResponse(1),
                new GroupEvent.LinkPrepared(2, 2));
    }

    /** A group with links 1 and 2 over two ports on both sides. */
    static Group symmetric(GroupRole role) {
        if (role == GroupRole.SERVER) {
            return addingServer()
                    .feed(
                            new GroupEvent.AddLinkResponse(1, 2, false, PEER_2),
                            new GroupEvent.LinkReady(2, 2),
                            new GroupEvent.ConfirmLinkResponse(2));
        }
        return listed(GroupRole.CLIENT, PORT_1, PORT_2)
                .feed(
                        new GroupEvent.AddLinkRequest(1, 2, PEER_2, true),
                        new GroupEvent.LinkPrepared(2, 2),
                        new GroupEvent.ConfirmLinkRequest(2, 2),
                        new GroupEvent.LinkReady(2, 2));
    }

    /** Feeds events; {@link #effects} are the last one's. */
    Group feed(GroupEvent... events) {
        for (GroupEvent event : events) {
            Step step = LinkGroupMachine.step(state, event);
            state = step.state();
            effects = step.effects();
        }
        return this;
    }

    Group join(long connection) {
        return feed(new GroupEvent.Join(connection, OptionalInt.empty()));
    }

    /** The running flow's deadline passes. */
    Group flowTimesOut() {
        return feed(new GroupEvent.FlowDeadline(state.flow().id()));
    }

    Group stepTimesOut() {
        return feed(new GroupEvent.StepDeadline(state.phase()));
    }

    <T extends GroupEffect> List<T> effects(Class<T> type) {
        return effects.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
