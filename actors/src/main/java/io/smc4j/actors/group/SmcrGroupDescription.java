package io.smc4j.actors.group;

import io.smc4j.LinkGroupInfo;
import io.smc4j.actors.link.LinkAddress;
import io.smc4j.actors.node.NodeContext;
import io.smc4j.actors.node.RdmaContext;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.SmcVersion;
import io.smc4j.protocol.lifecycle.group.GroupRole;
import io.smc4j.protocol.lifecycle.group.LinkEntry;
import io.smc4j.protocol.lifecycle.group.LinkGroupState;
import io.smc4j.protocol.lifecycle.group.LinkStage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an application is told of an SMC-R link group. On the group's turn. */
final class SmcrGroupDescription {
    private SmcrGroupDescription() {}

    static LinkGroupInfo of(
            String id, GroupRole role, LinkGroupState state, Map<Integer, LinkSlot> slots, NodeContext node) {
        List<LinkGroupInfo.Link> links = new ArrayList<>();
        for (LinkEntry entry : state.links().values()) {
            if (entry.stage() != LinkStage.CLEARING) {
                links.add(link(entry, state.version(), slots.get(entry.number()), node));
            }
        }
        return new LinkGroupInfo(
                id,
                role == GroupRole.SERVER ? "server" : "client",
                state.version().label(),
                state.type().name(),
                links);
    }

    private static LinkGroupInfo.Link link(
            LinkEntry entry, SmcVersion version, @Nullable LinkSlot slot, NodeContext node) {
        LinkAddress local = slot == null ? null : slot.local;
        Gid localGid = local != null
                ? local.gid()
                : RdmaContext.gid(
                                node.device(entry.local())
                                        .rdma()
                                        .port(entry.local().port()),
                                version)
                        .orElse(Gid.NONE);
        return new LinkGroupInfo.Link(
                entry.number(),
                stateName(entry.stage()),
                entry.local().device(),
                entry.local().port(),
                localGid.toString(),
                entry.peer().toString(),
                queuePair(local),
                queuePair(slot == null ? null : slot.peer));
    }

    private static int queuePair(@Nullable LinkAddress address) {
        return address == null ? 0 : address.qpNumber();
    }

    private static String stateName(LinkStage stage) {
        return switch (stage) {
            case PREPARING, ACTIVATING -> "ACTIVATING";
            case ACTIVE -> "ACTIVE";
            case RETIRING, CLEARING -> "INACTIVE";
        };
    }
}
