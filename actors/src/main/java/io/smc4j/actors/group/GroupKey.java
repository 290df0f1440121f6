package io.smc4j.actors.group;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.MacAddress;
import io.smc4j.protocol.SmcVersion;
import io.smc4j.rdma.IsmGid;

/** Who a link group is with. Together with our role it is what decides whether a connection may use an existing group. */
public sealed interface GroupKey {
    /** The version that both ends agreed on. */
    SmcVersion version();

    /**
     * An SMC-R peer.
     *
     * @param version groups of versions 1 and 2 are apart; the release of version 2 is of a new group
     * @param peerId its system id; 0 if it did not tell (a PROPOSAL that offers version 2 only)
     * @param gid the port it names
     * @param mac of that port, which is part of its identity in version 1 only; in version 2 whatever is given counts as none
     */
    record Smcr(SmcVersion version, long peerId, Gid gid, MacAddress mac) implements GroupKey {
        public Smcr {
            mac = version == SmcVersion.V1 ? mac : MacAddress.NONE;
        }

        /** A peer of version 2.1. */
        public Smcr(long peerId, Gid gid) {
            this(SmcVersion.V2_1, peerId, gid, MacAddress.NONE);
        }

        /** Whether a group with such a key, in which the peer has these ports, is one for this peer. */
        boolean isFor(Smcr group, long groupsPeer, Iterable<GroupNotice.PeerPort> ports) {
            boolean anonymous = peerId == 0 && version != SmcVersion.V1;
            if (group.version.number() != version.number() || (!anonymous && peerId != groupsPeer)) {
                return false;
            }
            for (GroupNotice.PeerPort port : ports) {
                if (port.gid().equals(gid)
                        && (version != SmcVersion.V1 || port.mac().equals(mac))) {
                    return true;
                }
            }
            return false;
        }
    }

    /** An SMC-D peer. A GID of 128 bits takes version 2.1. */
    record Smcd(IsmGid gid) implements GroupKey {
        @Override
        public SmcVersion version() {
            return SmcVersion.V2_1;
        }
    }
}
