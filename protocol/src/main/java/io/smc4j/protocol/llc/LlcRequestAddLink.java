package io.smc4j.protocol.llc;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.internal.Checks;
import java.util.List;

/**
 * Version 2: a client that has a second port asks the server to add a link. A response means that the server will not.
 *
 * @param response true from the server
 * @param gids GIDs of the client's ports, the carrying link's first, at most 255; empty in responses
 */
public record LlcRequestAddLink(boolean response, List<Gid> gids) implements LlcMessage {
    /** @throws IllegalArgumentException if there are more than 255 GIDs */
    public LlcRequestAddLink {
        gids = List.copyOf(gids);
        Checks.range("number of GIDs", gids.size(), 0, 255);
    }

    @Override
    public LlcType type() {
        return LlcType.REQUEST_ADD_LINK;
    }

    @Override
    public int version() {
        return 2;
    }
}
