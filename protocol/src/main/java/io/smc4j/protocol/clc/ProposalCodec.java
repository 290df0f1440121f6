package io.smc4j.protocol.clc;

import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.clc.ProposalPrefixes.Ipv6Prefix;
import io.smc4j.protocol.internal.WireReader;
import io.smc4j.protocol.internal.WireWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * PROPOSAL: areas one behind the other, found by offsets that this codec checks against the only order there is.
 *
 * <pre>
 *   0  header (8)
 *   8  peer id (8)
 *  16  RoCE v1 GID (16)
 *  32  MAC (6)
 *  38  IP area offset (2): from byte 40 to the prefixes; 0 or 40
 *
 *  40  SMC-D area (40): optional in version 1
 *        0  ISM GID (8)     10  v2 extension offset (2), from byte 52      15  vendor options (5)
 *        8  CHID (2)        12  vendor OUI (3)                             20  reserved (20)
 *
 *      prefixes (8 + 17n): with an offer of version 1
 *        0  IPv4 subnet (4)     5  reserved (2)                    8  n IPv6 prefixes: address (16), length (1)
 *        4  prefix length (1)   7  number n of IPv6 prefixes (1)
 *
 *      version 2 extension: see {@link ProposalV2Layout}; with an offer of version 2
 *  -4  trailer
 * </pre>
 */
final class ProposalCodec {
    private static final int PEER_ID = 8;
    private static final int GID = 16;
    private static final int MAC = 32;
    private static final int IP_AREA_OFFSET = 38;
    private static final int BASE_LENGTH = 40;

    private static final int SMCD_AREA = BASE_LENGTH;
    private static final int SMCD_AREA_LENGTH = 40;
    private static final int SMCD_CHID = SMCD_AREA + 8;
    private static final int V2_OFFSET = SMCD_AREA + 10;
    private static final int V2_OFFSET_BASE = SMCD_AREA + 12;
    private static final int VENDOR_OUI = SMCD_AREA + 12;
    private static final int VENDOR_OPTIONS = SMCD_AREA + 15;

    private static final int PREFIX_LENGTH = 4;
    private static final int IPV6_COUNT = 7;
    private static final int IPV6_PREFIXES = 8;
    private static final int IPV6_PREFIX_LENGTH = 17;

    private ProposalCodec() {}

    static ClcProposal decode(ClcHeader header, WireReader in) throws ProtocolViolation {
        boolean version2 = header.version() >= 2;
        SmcType typeV1 = header.typeV1();
        SmcType typeV2 = version2 ? header.typeV2() : SmcType.NONE;
        if (!version2 && typeV1 == SmcType.NONE) {
            throw in.violation(ClcHeader.FLAGS, "type NONE", "a PROPOSAL of version 1 offers SMC-R, SMC-D or both");
        }
        int ipAreaOffset = ipAreaOffset(version2, typeV1, in);
        boolean hasSmcdArea = version2 || ipAreaOffset != 0;
        if (hasSmcdArea) {
            in.requireAtLeast(SMCD_AREA + SMCD_AREA_LENGTH + Frame.TRAILER_LENGTH, ClcHeader.LENGTH);
        }
        int at = SMCD_AREA + (hasSmcdArea ? SMCD_AREA_LENGTH : 0);
        Optional<ProposalPrefixes> prefixes = Optional.empty();
        if (typeV1 != SmcType.NONE) {
            prefixes = Optional.of(prefixes(in, at));
            at += length(prefixes.get());
        } else if (in.u8(SMCD_AREA + IPV6_COUNT) > ProposalPrefixes.MAX_IPV6) {
            throw in.violation(
                    SMCD_AREA + IPV6_COUNT,
                    "last byte " + in.u8(SMCD_AREA + IPV6_COUNT) + " of the ISM GID",
                    "without an offer of version 1 it must be 8 or less: Linux takes it for a count of prefixes");
        }
        Optional<ProposalV2Extension> v2 = Optional.empty();
        if (typeV2 != SmcType.NONE) {
            checkV2Offset(in, at);
            v2 = Optional.of(ProposalV2Layout.decode(in, at, typeV2));
        } else {
            in.requireLength(at + Frame.TRAILER_LENGTH, ClcHeader.LENGTH);
        }
        Frame.checkTrailer(in);
        return new ClcProposal(
                header.version(),
                typeV1,
                typeV2,
                in.peerId(PEER_ID),
                in.gid(GID),
                in.mac(MAC),
                hasSmcdArea ? Optional.of(smcdArea(in)) : Optional.empty(),
                prefixes,
                v2);
    }

    private static int ipAreaOffset(boolean version2, SmcType typeV1, WireReader in) throws ProtocolViolation {
        int offset = in.u16(IP_AREA_OFFSET);
        if (offset != 0 && offset != SMCD_AREA_LENGTH) {
            throw in.violation(
                    IP_AREA_OFFSET,
                    "IP area offset " + offset,
                    "it is 0 (no SMC-D area) or 40 (behind the SMC-D area)");
        }
        if (offset == 0 && (typeV1.offersD() || (version2 && typeV1 != SmcType.NONE))) {
            throw in.violation(
                    IP_AREA_OFFSET, "IP area offset 0", "the SMC-D area of this PROPOSAL lies before the prefixes");
        }
        return offset;
    }

    private static ProposalSmcdArea smcdArea(WireReader in) {
        return new ProposalSmcdArea(
                in.i64(SMCD_AREA),
                in.u16(SMCD_CHID),
                in.u24(VENDOR_OUI),
                (long) in.u8(VENDOR_OPTIONS) << 32 | Integer.toUnsignedLong(in.i32(VENDOR_OPTIONS + 1)));
    }

    private static ProposalPrefixes prefixes(WireReader in, int at) throws ProtocolViolation {
        in.requireAtLeast(at + IPV6_PREFIXES + Frame.TRAILER_LENGTH, ClcHeader.LENGTH);
        int count = in.u8(at + IPV6_COUNT);
        if (count > ProposalPrefixes.MAX_IPV6) {
            throw in.violation(at + IPV6_COUNT, count + " IPv6 prefixes", "there are at most 8");
        }
        in.requireAtLeast(at + IPV6_PREFIXES + count * IPV6_PREFIX_LENGTH + Frame.TRAILER_LENGTH, ClcHeader.LENGTH);
        List<Ipv6Prefix> ipv6 = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int prefix = at + IPV6_PREFIXES + i * IPV6_PREFIX_LENGTH;
            ipv6.add(new Ipv6Prefix(in.gid(prefix), in.u8(prefix + 16)));
        }
        return new ProposalPrefixes(in.i32(at), in.u8(at + PREFIX_LENGTH), ipv6);
    }

    private static void checkV2Offset(WireReader in, int at) throws ProtocolViolation {
        int offset = in.u16(V2_OFFSET);
        if (offset != at - V2_OFFSET_BASE) {
            throw in.violation(
                    V2_OFFSET,
                    "version 2 extension offset " + offset,
                    "the extension of this PROPOSAL lies " + (at - V2_OFFSET_BASE) + " bytes behind byte 52");
        }
    }

    private static int length(ProposalPrefixes prefixes) {
        return IPV6_PREFIXES + prefixes.ipv6().size() * IPV6_PREFIX_LENGTH;
    }

    static int encode(ClcProposal proposal, ByteBuffer target) {
        int prefixesAt = SMCD_AREA + (proposal.smcdArea().isPresent() ? SMCD_AREA_LENGTH : 0);
        int v2At = prefixesAt + proposal.prefixes().map(ProposalCodec::length).orElse(0);
        boolean smcdV2 = proposal.typeV2().offersD();
        int length = v2At
                + proposal.v2().map(v2 -> ProposalV2Layout.length(v2, smcdV2)).orElse(0)
                + Frame.TRAILER_LENGTH;
        int typeV2 = proposal.version() == 1 ? 0 : proposal.typeV2().code();
        WireWriter out = Frame.open(
                target,
                Eyecatcher.SMCR,
                ClcType.PROPOSAL,
                length,
                proposal.version(),
                typeV2 << 2 | proposal.typeV1().code());
        out.peerId(PEER_ID, proposal.peerId());
        out.gid(GID, proposal.gid());
        out.mac(MAC, proposal.mac());
        proposal.smcdArea().ifPresent(area -> {
            out.i64(SMCD_AREA, area.ismGid());
            out.u16(SMCD_CHID, area.chid());
            out.u24(VENDOR_OUI, area.vendorOui());
            out.u8(VENDOR_OPTIONS, (int) (area.vendorOptions() >>> 32));
            out.i32(VENDOR_OPTIONS + 1, (int) area.vendorOptions());
        });
        proposal.prefixes().ifPresent(prefixes -> {
            out.u16(IP_AREA_OFFSET, prefixesAt - BASE_LENGTH);
            write(prefixes, out, prefixesAt);
        });
        proposal.v2().ifPresent(v2 -> {
            out.u16(V2_OFFSET, v2At - V2_OFFSET_BASE);
            ProposalV2Layout.encode(v2, smcdV2, out, v2At);
        });
        return length;
    }

    private static void write(ProposalPrefixes prefixes, WireWriter out, int at) {
        out.i32(at, prefixes.ipv4Subnet());
        out.u8(at + PREFIX_LENGTH, prefixes.ipv4Length());
        out.u8(at + IPV6_COUNT, prefixes.ipv6().size());
        for (int i = 0; i < prefixes.ipv6().size(); i++) {
            Ipv6Prefix prefix = prefixes.ipv6().get(i);
            out.gid(at + IPV6_PREFIXES + i * IPV6_PREFIX_LENGTH, prefix.address());
            out.u8(at + IPV6_PREFIXES + i * IPV6_PREFIX_LENGTH + 16, prefix.length());
        }
    }
}
