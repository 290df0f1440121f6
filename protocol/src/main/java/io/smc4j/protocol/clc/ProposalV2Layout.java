package io.smc4j.protocol.clc;

import io.smc4j.protocol.Eid;
import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.clc.ProposalV2Extension.IsmEntry;
import io.smc4j.protocol.clc.ProposalV2Extension.SmcdV2;
import io.smc4j.protocol.internal.WireReader;
import io.smc4j.protocol.internal.WireWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The version 2 extension of a PROPOSAL, offsets from its start, and the SMC-D extension behind it.
 *
 * <pre>
 *   0  number e of UEIDs (1), at most 8
 *   1  number g of ISM entries (1), at most 8
 *   2  reserved (1)
 *   3  release (4 bits) | reserved (3 bits) | system EID (bit 0)
 *   4  reserved (2)
 *   6  SMC-D extension offset (2), from byte 8; outside 1..288 means none
 *   8  RoCE v2 GID (16)
 *  24  max connections (1)            release 1, otherwise 0
 *  25  max links (1)                  release 1, otherwise 0
 *  26  feature mask (2)               release 1, otherwise 0
 *  28  reserved (12)
 *  40  e UEIDs of 32 bytes
 *
 *      SMC-D extension, with an offer of SMC-D version 2
 *   0  system EID (32), zero without one
 *  32  reserved (16)
 *  48  g entries of 10 bytes: ISM GID (8), CHID (2)
 * </pre>
 */
final class ProposalV2Layout {
    private static final int UEID_COUNT = 0;
    private static final int ISM_COUNT = 1;
    private static final int RELEASE_AND_SEID = 3;
    private static final int SEID_BIT = 0x01;
    private static final int SMCD_OFFSET = 6;
    private static final int SMCD_OFFSET_BASE = 8;
    private static final int MAX_SMCD_OFFSET = 288;
    private static final int ROCE_GID = 8;
    private static final int MAX_CONNECTIONS = 24;
    private static final int MAX_LINKS = 25;
    private static final int FEATURE_MASK = 26;
    private static final int UEIDS = 40;

    private static final int ISM_ENTRIES = 48;
    private static final int ISM_ENTRY_LENGTH = 10;

    private ProposalV2Layout() {}

    static int length(ProposalV2Extension v2, boolean smcdOffered) {
        int entries = v2.smcd().map(smcd -> smcd.devices().size()).orElse(0);
        return length(v2.ueids().size(), smcdOffered, entries);
    }

    private static int length(int ueids, boolean smcdOffered, int entries) {
        return UEIDS + ueids * Eid.BYTES + (smcdOffered ? ISM_ENTRIES + entries * ISM_ENTRY_LENGTH : 0);
    }

    static ProposalV2Extension decode(WireReader in, int at, SmcType offered) throws ProtocolViolation {
        in.requireAtLeast(at + UEIDS + Frame.TRAILER_LENGTH, ClcHeader.LENGTH);
        int ueidCount = count(in, at + UEID_COUNT, "UEIDs");
        int ismCount = offered.offersD() ? count(in, at + ISM_COUNT, "ISM entries") : 0;
        in.requireLength(at + length(ueidCount, offered.offersD(), ismCount) + Frame.TRAILER_LENGTH, ClcHeader.LENGTH);
        List<Eid> ueids = new ArrayList<>(ueidCount);
        for (int i = 0; i < ueidCount; i++) {
            ueids.add(in.eid(at + UEIDS + i * Eid.BYTES));
        }
        return new ProposalV2Extension(
                in.u8(at + RELEASE_AND_SEID) >>> 4,
                (in.u8(at + RELEASE_AND_SEID) & SEID_BIT) != 0,
                in.gid(at + ROCE_GID),
                in.u8(at + MAX_CONNECTIONS),
                in.u8(at + MAX_LINKS),
                in.u16(at + FEATURE_MASK),
                ueids,
                offered.offersD() ? smcd(in, at, ueidCount, ismCount) : Optional.empty());
    }

    private static int count(WireReader in, int at, String what) throws ProtocolViolation {
        int count = in.u8(at);
        if (count > ProposalV2Extension.MAX_ENTRIES) {
            throw in.violation(at, count + " " + what, "there are at most 8");
        }
        return count;
    }

    private static Optional<SmcdV2> smcd(WireReader in, int v2At, int ueidCount, int ismCount)
            throws ProtocolViolation {
        int offset = in.u16(v2At + SMCD_OFFSET);
        if (offset == 0 || offset > MAX_SMCD_OFFSET) {
            return Optional.empty();
        }
        int at = v2At + UEIDS + ueidCount * Eid.BYTES;
        if (v2At + SMCD_OFFSET_BASE + offset != at) {
            throw in.violation(
                    v2At + SMCD_OFFSET,
                    "SMC-D extension offset " + offset,
                    "the extension lies behind the UEIDs, at " + (at - v2At - SMCD_OFFSET_BASE));
        }
        List<IsmEntry> devices = new ArrayList<>(ismCount);
        for (int i = 0; i < ismCount; i++) {
            int entry = at + ISM_ENTRIES + i * ISM_ENTRY_LENGTH;
            devices.add(new IsmEntry(in.i64(entry), in.u16(entry + 8)));
        }
        Optional<Eid> seid = in.isZero(at, Eid.BYTES) ? Optional.empty() : Optional.of(in.eid(at));
        return Optional.of(new SmcdV2(seid, devices));
    }

    static void encode(ProposalV2Extension v2, boolean smcdOffered, WireWriter out, int at) {
        out.u8(at + UEID_COUNT, v2.ueids().size());
        out.u8(at + RELEASE_AND_SEID, v2.release() << 4 | (v2.seidEnabled() ? SEID_BIT : 0));
        out.gid(at + ROCE_GID, v2.roceGid());
        out.u8(at + MAX_CONNECTIONS, v2.maxConnections());
        out.u8(at + MAX_LINKS, v2.maxLinks());
        out.u16(at + FEATURE_MASK, v2.featureMask());
        for (int i = 0; i < v2.ueids().size(); i++) {
            out.eid(at + UEIDS + i * Eid.BYTES, v2.ueids().get(i));
        }
        if (smcdOffered && v2.smcd().isPresent()) {
            int smcdAt = at + UEIDS + v2.ueids().size() * Eid.BYTES;
            out.u16(at + SMCD_OFFSET, smcdAt - at - SMCD_OFFSET_BASE);
            out.u8(at + ISM_COUNT, v2.smcd().get().devices().size());
            write(v2.smcd().get(), out, smcdAt);
        }
    }

    private static void write(SmcdV2 smcd, WireWriter out, int at) {
        smcd.seid().ifPresent(seid -> out.eid(at, seid));
        for (int i = 0; i < smcd.devices().size(); i++) {
            out.i64(
                    at + ISM_ENTRIES + i * ISM_ENTRY_LENGTH,
                    smcd.devices().get(i).gid());
            out.u16(
                    at + ISM_ENTRIES + i * ISM_ENTRY_LENGTH + 8,
                    smcd.devices().get(i).chid());
        }
    }
}
