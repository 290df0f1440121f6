package io.smc4j.actors.group;

import io.smc4j.actors.node.NodeContext;
import io.smc4j.config.SmcRSettings;
import io.smc4j.protocol.SmcVersion;
import io.smc4j.protocol.clc.FirstContactExtension;
import io.smc4j.protocol.lifecycle.group.GroupRole;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a link group is made from.
 *
 * @param node the node
 * @param role our side
 * @param id four bytes, unique on the node; low byte 0, so that id + link number is a link's UID as in Linux
 * @param version what both ends agreed to speak
 * @param limits what both ends agreed on
 * @param registry hears the notices; must only pass them on
 */
public record GroupSpec(
        NodeContext node, GroupRole role, int id, SmcVersion version, Limits limits, Consumer<GroupNotice> registry) {
    /**
     * Limits of a link group: negotiated in version 2.1, else our own.
     *
     * @param maxLinks 1..2
     * @param maxConnections 16..255
     */
    public record Limits(int maxLinks, int maxConnections) {
        /** Fewer connections cannot be agreed on. */
        public static final int LEAST_CONNECTIONS = 16;

        /** More have no place in the peer's table of rkeys. */
        public static final int MOST_CONNECTIONS = 255;

        /** More links than one for each of two ports are of no use. */
        public static final int MOST_LINKS = 2;

        /**
         * A client's, by the server's ACCEPT. Where nothing is negotiated (version 1, and 2.0) the server fills a group as it likes, and
         * the client has a place for all.
         */
        public static Limits of(Optional<FirstContactExtension> agreed, SmcRSettings own) {
            return agreed.filter(e -> e.release() > 0)
                    .map(e -> new Limits(e.maxLinks(), e.maxConnections()))
                    .orElseGet(() -> new Limits(own.maxLinks(), MOST_CONNECTIONS));
        }
    }
}
