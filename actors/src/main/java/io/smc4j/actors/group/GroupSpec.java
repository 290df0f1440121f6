package io.smc4j.actors.group;

import io.smc4j.actors.node.NodeContext;
import io.smc4j.protocol.lifecycle.group.GroupRole;
import java.util.function.Consumer;

/**
 * What a link group is made from.
 *
 * @param node the node
 * @param role our side
 * @param id four bytes, unique on the node; low byte 0, so that id + link number is a link's UID as in Linux
 * @param limits what both ends agreed on
 * @param registry hears the notices; must only pass them on
 */
public record GroupSpec(NodeContext node, GroupRole role, int id, Limits limits, Consumer<GroupNotice> registry) {
    /**
     * Limits of a link group (SMC version 2.1).
     *
     * @param maxLinks 1..2
     * @param maxConnections 16..255
     */
    public record Limits(int maxLinks, int maxConnections) {}
}
