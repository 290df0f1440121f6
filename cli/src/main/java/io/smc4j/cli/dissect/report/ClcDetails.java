package io.smc4j.cli.dissect.report;

import io.smc4j.protocol.Eid;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.clc.ClcAcceptSmcd;
import io.smc4j.protocol.clc.ClcAcceptSmcr;
import io.smc4j.protocol.clc.ClcConfirmSmcd;
import io.smc4j.protocol.clc.ClcConfirmSmcr;
import io.smc4j.protocol.clc.ClcDecline;
import io.smc4j.protocol.clc.ClcMessage;
import io.smc4j.protocol.clc.ClcProposal;
import io.smc4j.protocol.clc.DiagnosisCode;
import io.smc4j.protocol.clc.FirstContactExtension;
import io.smc4j.protocol.clc.ProposalV2Extension;
import io.smc4j.protocol.clc.SmcdEndpoint;
import io.smc4j.protocol.clc.SmcdSelection;
import io.smc4j.protocol.clc.SmcrEndpoint;
import java.util.Iterator;
import java.util.Optional;

/** The key fields of a CLC message in one line. */
final class ClcDetails {
    private ClcDetails() {}

    static void append(ClcMessage message, StringBuilder out) {
        out.append(" v").append(message.version());
        switch (message) {
            case ClcProposal proposal -> proposal(proposal, out);
            case ClcAcceptSmcr accept ->
                smcr(accept.firstContact(), accept.endpoint(), accept.eid(), accept.extension(), out);
            case ClcConfirmSmcr confirm -> {
                smcr(confirm.firstContact(), confirm.endpoint(), confirm.eid(), confirm.extension(), out);
                if (!confirm.gids().isEmpty()) {
                    list(" gids=", confirm.gids().stream().map(Addresses::of).iterator(), out);
                }
            }
            case ClcAcceptSmcd accept ->
                smcd(accept.firstContact(), accept.endpoint(), accept.selection(), accept.extension(), out);
            case ClcConfirmSmcd confirm ->
                smcd(confirm.firstContact(), confirm.endpoint(), confirm.selection(), confirm.extension(), out);
            case ClcDecline decline -> {
                out.append(" reason=")
                        .append(decline.knownDiagnosis()
                                .map(DiagnosisCode::describe)
                                .orElseGet(() -> "0x" + Integer.toHexString(decline.diagnosis())));
                if (decline.outOfSync()) {
                    out.append(" out-of-sync");
                }
            }
        }
    }

    private static void proposal(ClcProposal proposal, StringBuilder out) {
        out.append(" offers v2=").append(proposal.typeV2()).append(" v1=").append(proposal.typeV1());
        if (!proposal.peerId().isNone()) {
            out.append(" peer=").append(proposal.peerId());
        }
        proposal.prefixes().ifPresent(prefixes -> {
            if (prefixes.ipv6().isEmpty()) {
                out.append(" subnet=").append(Addresses.of(Gid.ofIpv4Mapped(prefixes.ipv4Subnet())));
                out.append('/').append(prefixes.ipv4Length());
            } else {
                list(
                        " subnets=",
                        prefixes.ipv6().stream()
                                .map(p -> p.address() + "/" + p.length())
                                .iterator(),
                        out);
            }
        });
        proposal.v2().ifPresent(v2 -> v2(v2, out));
    }

    private static void v2(ProposalV2Extension v2, StringBuilder out) {
        out.append(" release=").append(v2.release());
        if (!v2.roceGid().isNone()) {
            out.append(" gid=").append(Addresses.of(v2.roceGid()));
        }
        list(" ueids=", v2.ueids().stream().map(Eid::value).iterator(), out);
        if (v2.release() > 0) {
            limits(v2.maxConnections(), v2.maxLinks(), v2.featureMask(), out);
        }
        v2.smcd().ifPresent(smcd -> {
            smcd.seid().ifPresent(seid -> out.append(" seid=").append(seid));
            list(
                    " ism=",
                    smcd.devices().stream()
                            .map(d -> Long.toHexString(d.gid()) + "/" + Integer.toHexString(d.chid()))
                            .iterator(),
                    out);
        });
    }

    private static void smcr(
            boolean first,
            SmcrEndpoint end,
            Optional<Eid> eid,
            Optional<FirstContactExtension> extension,
            StringBuilder out) {
        out.append(first ? " SMC-R first-contact" : " SMC-R");
        out.append(" peer=").append(end.peerId()).append(" gid=").append(Addresses.of(end.gid()));
        out.append(" mac=").append(end.mac());
        Numbers.hex(out.append(" qpn="), end.qpNumber());
        Numbers.hex(out.append(" rkey="), end.rkey());
        Numbers.hex(out.append(" vaddr="), end.rmbAddress());
        if (end.rmbeIndex() != 1) {
            out.append(" index=").append(end.rmbeIndex());
        }
        Numbers.hex(out.append(" token="), end.alertToken());
        out.append(" size=")
                .append(end.rmbeSize())
                .append(" mtu=")
                .append(end.mtu().bytes());
        Numbers.hex(out.append(" psn="), end.psn());
        eid.ifPresent(value -> out.append(" eid=").append(value));
        extension.ifPresent(value -> extension(value, out));
    }

    private static void smcd(
            boolean first,
            SmcdEndpoint end,
            Optional<SmcdSelection> selection,
            Optional<FirstContactExtension> extension,
            StringBuilder out) {
        out.append(first ? " SMC-D first-contact" : " SMC-D");
        Numbers.hex(out.append(" gid="), end.ismGid());
        Numbers.hex(out.append(" dmb="), end.dmbToken());
        out.append(" size=").append(end.dmbeSize());
        Numbers.hex(out.append(" link-id="), end.linkId());
        selection.ifPresent(value -> {
            Numbers.hex(out.append(" chid="), value.chid());
            out.append(" eid=").append(value.eid());
        });
        extension.ifPresent(value -> extension(value, out));
    }

    private static void extension(FirstContactExtension extension, StringBuilder out) {
        out.append(" host=")
                .append(printable(extension.hostName()))
                .append(" release=")
                .append(extension.release());
        out.append(extension.direct() ? " direct" : " via-gateway");
        if (extension.release() > 0) {
            limits(extension.maxConnections(), extension.maxLinks(), extension.featureMask(), out);
        }
    }

    private static void limits(int connections, int links, int features, StringBuilder out) {
        out.append(" max-connections=")
                .append(connections)
                .append(" max-links=")
                .append(links);
        Numbers.hex(out.append(" features="), features);
    }

    /** A peer's name may hold anything; a terminal must not. */
    static String printable(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.chars().forEach(c -> out.append(c < ' ' || c >= 0x7F ? '?' : (char) c));
        return out.toString();
    }

    private static void list(String name, Iterator<String> items, StringBuilder out) {
        out.append(name).append('[');
        while (items.hasNext()) {
            out.append(items.next()).append(items.hasNext() ? "," : "");
        }
        out.append(']');
    }
}
