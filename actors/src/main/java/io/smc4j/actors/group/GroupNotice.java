package io.smc4j.actors.group;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.MacAddress;
import io.smc4j.protocol.lifecycle.group.TerminationCause;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/** What a link group tells its registry. */
public sealed interface GroupNotice {
    ActorRef<LinkGroup.Command> group();

    /** First contact is complete: others may match. */
    record Listed(ActorRef<LinkGroup.Command> group) implements GroupNotice {}

    /** By what it can be matched now. @param peerId the peer's system id, 0 if unknown */
    record Reachable(
            ActorRef<LinkGroup.Command> group, long peerId, Set<PeerPort> peerPorts, Set<Integer> peerQpNumbers)
            implements GroupNotice {
        public Reachable {
            peerPorts = Set.copyOf(peerPorts);
            peerQpNumbers = Set.copyOf(peerQpNumbers);
        }
    }

    /** A port of the peer to which there is an active link. */
    record PeerPort(Gid gid, MacAddress mac) {}

    /** Whether it has room for one more connection. */
    record Room(ActorRef<LinkGroup.Command> group, boolean room) implements GroupNotice {}

    /** It ends: no match any more. */
    record Unlisted(ActorRef<LinkGroup.Command> group, TerminationCause cause) implements GroupNotice {}
}
