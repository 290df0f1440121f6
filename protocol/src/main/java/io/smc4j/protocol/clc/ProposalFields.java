package io.smc4j.protocol.clc;

import io.smc4j.protocol.internal.FieldList;

/** Lists the fields of a PROPOSAL behind its header. */
final class ProposalFields {
    private ProposalFields() {}

    static void describe(ClcProposal proposal, FieldList out) {
        out.hex(8, "peer id").gid("RoCE v1 GID").mac("MAC").number(2, "IP area offset");
        proposal.smcdArea()
                .ifPresent(area -> out.hex(8, "ISM GID")
                        .hex(2, "CHID")
                        .number(2, "version 2 extension offset")
                        .hex(3, "vendor OUI")
                        .hex(5, "vendor options")
                        .reserved(20));
        proposal.prefixes().ifPresent(prefixes -> {
            out.add(4, "IPv4 subnet", dotted(prefixes.ipv4Subnet()))
                    .number(1, "IPv4 prefix length")
                    .reserved(2)
                    .number(1, "number of IPv6 prefixes");
            for (int i = 0; i < prefixes.ipv6().size(); i++) {
                out.gid("IPv6 prefix " + i).number(1, "IPv6 prefix length " + i);
            }
        });
        proposal.v2().ifPresent(v2 -> v2(v2, out));
    }

    private static String dotted(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 0xFF) + "." + (address >>> 8 & 0xFF) + "." + (address & 0xFF);
    }

    private static void v2(ProposalV2Extension v2, FieldList out) {
        out.number(1, "number of UEIDs")
                .number(1, "number of ISM entries")
                .reserved(1)
                .add(
                        1,
                        "release and system EID",
                        "release " + v2.release() + (v2.seidEnabled() ? ", system EID in use" : ""))
                .reserved(2)
                .number(2, "SMC-D extension offset")
                .gid("RoCE v2 GID")
                .number(1, "max connections per link group")
                .number(1, "max links per link group")
                .hex(2, "feature mask")
                .reserved(12);
        for (int i = 0; i < v2.ueids().size(); i++) {
            out.text(32, "UEID " + i);
        }
        v2.smcd().ifPresent(smcd -> {
            if (smcd.seid().isPresent()) {
                out.text(32, "system EID");
            } else {
                out.unused(32, "system EID");
            }
            out.reserved(16);
            for (int i = 0; i < smcd.devices().size(); i++) {
                out.hex(8, "ISM GID " + i).hex(2, "CHID " + i);
            }
        });
    }
}
