package io.smc4j.protocol.clc;

import io.smc4j.protocol.Eid;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.internal.Checks;
import java.util.List;
import java.util.Optional;

/**
 * What a PROPOSAL of version 2 adds.
 *
 * @param release 0 for version 2.0, 1 for 2.1, 4 bits
 * @param seidEnabled the client uses the system EID of its ISM hardware
 * @param roceGid RoCE v2 GID, {@link Gid#NONE} unless SMC-R version 2 is offered
 * @param maxConnections release 1: preferred connections per link group, 0..255
 * @param maxLinks release 1: preferred links per link group, 0..255
 * @param featureMask release 1: what the client can do; {@link FirstContactExtension#FEATURE_EMULATED_ISM}
 * @param ueids the client's enterprise ids, at most 8, in order of preference
 * @param smcd the ISM devices; empty without an offer of SMC-D, or if the client points nowhere (answer
 *     {@link DiagnosisCode#NOV2DEXT})
 */
public record ProposalV2Extension(
        int release,
        boolean seidEnabled,
        Gid roceGid,
        int maxConnections,
        int maxLinks,
        int featureMask,
        List<Eid> ueids,
        Optional<SmcdV2> smcd) {
    /** How many enterprise ids and how many ISM entries there may be. */
    public static final int MAX_ENTRIES = 8;

    /** @throws IllegalArgumentException if a field is out of its range */
    public ProposalV2Extension {
        Checks.range("release", release, 0, 15);
        Checks.u8("max connections", maxConnections);
        Checks.u8("max links", maxLinks);
        Checks.u16("feature mask", featureMask);
        ueids = List.copyOf(ueids);
        Checks.range("number of UEIDs", ueids.size(), 0, MAX_ENTRIES);
    }

    /**
     * The SMC-D part.
     *
     * @param seid the system EID, if the client has one
     * @param devices GID and fabric of each device, at most 8 entries; an emulated device with a 128-bit GID takes two with the
     *     same fabric, first half and second
     */
    public record SmcdV2(Optional<Eid> seid, List<IsmEntry> devices) {
        /** @throws IllegalArgumentException if there are more than eight entries */
        public SmcdV2 {
            devices = List.copyOf(devices);
            Checks.range("number of ISM entries", devices.size(), 0, MAX_ENTRIES);
        }
    }

    /**
     * GID and fabric of an ISM device.
     *
     * @param gid the GID, or half of one
     * @param chid the fabric, 16 bits; {@code 0xFF00..0xFFFF} are emulated devices, {@code 0xFFFF} loopback
     */
    public record IsmEntry(long gid, int chid) {
        /** @throws IllegalArgumentException if the CHID needs more than 16 bits */
        public IsmEntry {
            Checks.u16("CHID", chid);
        }

        /** Whether the fabric is one of those kept for emulated devices. */
        public boolean emulated() {
            return chid >= 0xFF00;
        }
    }
}
