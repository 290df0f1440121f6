package io.smc4j.actors.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.MacAddress;
import io.smc4j.protocol.SmcVersion;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which existing link group a connection may use. */
class GroupKeyTest {
    private static final long PEER = 0x1234;
    private static final Gid GID = Gid.parse("fe80::1");
    private static final MacAddress MAC = new MacAddress(0x020000000001L);
    private static final MacAddress OTHER_MAC = new MacAddress(0x020000000002L);
    private static final Set<GroupNotice.PeerPort> PORTS =
            Set.of(new GroupNotice.PeerPort(GID, MAC), new GroupNotice.PeerPort(Gid.parse("fe80::2"), OTHER_MAC));

    private static boolean matches(SmcVersion wanted, long peer, Gid gid, MacAddress mac, SmcVersion groups) {
        GroupKey.Smcr group = new GroupKey.Smcr(groups, PEER, Gid.NONE, MacAddress.NONE);
        return new GroupKey.Smcr(wanted, peer, gid, mac).isFor(group, PEER, PORTS);
    }

    @Test
    void shouldKeepGroupsOfTheTwoVersionsApart() {
        assertThat(matches(SmcVersion.V1, PEER, GID, MAC, SmcVersion.V1)).isTrue();
        assertThat(matches(SmcVersion.V1, PEER, GID, MAC, SmcVersion.V2_1)).isFalse();
        assertThat(matches(SmcVersion.V2_1, PEER, GID, MAC, SmcVersion.V1)).isFalse();
        assertThat(matches(SmcVersion.V2_0, PEER, GID, MAC, SmcVersion.V2_1)).isTrue();
    }

    @Test
    void shouldTellPortsOfVersion1ApartByTheirMacToo() {
        assertThat(matches(SmcVersion.V1, PEER, GID, OTHER_MAC, SmcVersion.V1)).isFalse();
        assertThat(matches(SmcVersion.V2_1, PEER, GID, OTHER_MAC, SmcVersion.V2_1))
                .isTrue();
        assertThat(new GroupKey.Smcr(SmcVersion.V2_1, PEER, GID, MAC))
                .isEqualTo(new GroupKey.Smcr(SmcVersion.V2_1, PEER, GID, OTHER_MAC));
    }

    @Test
    void shouldMatchThePeerThatToldWhoItIs() {
        assertThat(matches(SmcVersion.V2_1, PEER + 1, GID, MAC, SmcVersion.V2_1))
                .isFalse();
        assertThat(matches(SmcVersion.V2_1, 0, GID, MAC, SmcVersion.V2_1)).isTrue();
        assertThat(matches(SmcVersion.V1, 0, GID, MAC, SmcVersion.V1))
                .as("in version 1 everybody tells")
                .isFalse();
        assertThat(matches(SmcVersion.V2_1, PEER, Gid.parse("fe80::3"), MAC, SmcVersion.V2_1))
                .isFalse();
    }
}
