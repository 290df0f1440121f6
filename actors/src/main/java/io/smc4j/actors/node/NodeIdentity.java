package io.smc4j.actors.node;

import io.smc4j.protocol.Eid;
import io.smc4j.protocol.PeerId;
import java.util.List;

/**
 * What a node tells peers about itself.
 *
 * @param peerId system id, new for every node: a restarted process is another peer
 * @param hostName ASCII, at most 32 characters
 * @param ueids enterprise ids in order of preference; one must be common to both ends
 */
public record NodeIdentity(PeerId peerId, String hostName, List<Eid> ueids) {
    public NodeIdentity {
        ueids = List.copyOf(ueids);
    }
}
