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
import io.smc4j.protocol.clc.FirstContactExtension;
import io.smc4j.protocol.clc.ProposalV2Extension;
import io.smc4j.protocol.clc.SmcdEndpoint;
import io.smc4j.protocol.clc.SmcdSelection;
import io.smc4j.protocol.clc.SmcrEndpoint;
import java.util.Optional;

/** The fields of a CLC message as members of a JSON object. */
final class ClcJson {
    private ClcJson() {}

    static void append(ClcMessage message, JsonWriter json) {
        json.field("version", message.version());
        switch (message) {
            case ClcProposal proposal -> proposal(proposal, json);
            case ClcAcceptSmcr accept ->
                smcr(accept.firstContact(), accept.endpoint(), accept.eid(), accept.extension(), json);
            case ClcConfirmSmcr confirm -> {
                smcr(confirm.firstContact(), confirm.endpoint(), confirm.eid(), confirm.extension(), json);
                json.name("gids").beginArray();
                confirm.gids().forEach(gid -> json.value(gid.toString()));
                json.endArray();
            }
            case ClcAcceptSmcd accept ->
                smcd(accept.firstContact(), accept.endpoint(), accept.selection(), accept.extension(), json);
            case ClcConfirmSmcd confirm ->
                smcd(confirm.firstContact(), confirm.endpoint(), confirm.selection(), confirm.extension(), json);
            case ClcDecline decline -> decline(decline, json);
        }
    }

    private static void proposal(ClcProposal proposal, JsonWriter json) {
        json.field("typeV1", proposal.typeV1().name())
                .field("typeV2", proposal.typeV2().name());
        json.field("peerId", proposal.peerId().toString())
                .field("gid", proposal.gid().toString());
        json.field("mac", proposal.mac().toString());
        proposal.smcdArea()
                .filter(area -> area.ismGid() != 0)
                .ifPresent(area -> json.hex("ismGid", area.ismGid()).field("chid", area.chid()));
        proposal.prefixes().ifPresent(prefixes -> {
            json.name("subnets").beginArray();
            if (prefixes.ipv4Subnet() != 0 || prefixes.ipv4Length() != 0) {
                json.value(Addresses.of(Gid.ofIpv4Mapped(prefixes.ipv4Subnet())) + "/" + prefixes.ipv4Length());
            }
            prefixes.ipv6().forEach(prefix -> json.value(prefix.address() + "/" + prefix.length()));
            json.endArray();
        });
        proposal.v2().ifPresent(v2 -> v2(v2, json));
    }

    private static void v2(ProposalV2Extension v2, JsonWriter json) {
        json.field("release", v2.release()).field("roceGid", v2.roceGid().toString());
        json.name("ueids").beginArray();
        v2.ueids().forEach(ueid -> json.value(ueid.value()));
        json.endArray();
        json.field("systemEid", v2.seidEnabled());
        limits(v2.maxConnections(), v2.maxLinks(), v2.featureMask(), json);
        v2.smcd().ifPresent(smcd -> {
            smcd.seid().ifPresent(seid -> json.field("seid", seid.value()));
            json.name("ismDevices").beginArray();
            smcd.devices()
                    .forEach(device -> json.beginObject()
                            .hex("gid", device.gid())
                            .field("chid", device.chid())
                            .endObject());
            json.endArray();
        });
    }

    private static void smcr(
            boolean first,
            SmcrEndpoint end,
            Optional<Eid> eid,
            Optional<FirstContactExtension> extension,
            JsonWriter json) {
        json.field("transport", "SMC-R").field("firstContact", first);
        json.field("peerId", end.peerId().toString()).field("gid", end.gid().toString());
        json.field("mac", end.mac().toString());
        json.field("qp", end.qpNumber()).field("psn", end.psn());
        json.unsigned("token", end.alertToken()).unsigned("rkey", end.rkey()).hex("vaddr", end.rmbAddress());
        json.field("rmbeIndex", end.rmbeIndex())
                .field("bufferSize", end.rmbeSize().bytes());
        json.field("mtu", end.mtu().bytes());
        eid.ifPresent(value -> json.field("eid", value.value()));
        extension.ifPresent(value -> extension(value, json));
    }

    private static void smcd(
            boolean first,
            SmcdEndpoint end,
            Optional<SmcdSelection> selection,
            Optional<FirstContactExtension> extension,
            JsonWriter json) {
        json.field("transport", "SMC-D").field("firstContact", first);
        json.hex("ismGid", end.ismGid()).hex("dmbToken", end.dmbToken()).field("dmbeIndex", end.dmbeIndex());
        json.field("bufferSize", end.dmbeSize().bytes()).unsigned("linkId", end.linkId());
        selection.ifPresent(value -> {
            json.field("chid", value.chid()).field("eid", value.eid().value());
            json.hex("ismGidExtension", value.ismGidExtension());
        });
        extension.ifPresent(value -> extension(value, json));
    }

    private static void extension(FirstContactExtension extension, JsonWriter json) {
        json.field("direct", extension.direct()).field("osType", extension.osType());
        json.field("release", extension.release()).field("hostName", extension.hostName());
        limits(extension.maxConnections(), extension.maxLinks(), extension.featureMask(), json);
    }

    private static void limits(int connections, int links, int features, JsonWriter json) {
        json.field("maxConnections", connections).field("maxLinks", links).field("featureMask", features);
    }

    private static void decline(ClcDecline decline, JsonWriter json) {
        json.field("peerId", decline.peerId().toString()).field("outOfSync", decline.outOfSync());
        json.unsigned("diagnosis", decline.diagnosis());
        decline.knownDiagnosis()
                .ifPresent(code -> json.field("diagnosisName", code.name())
                        .field("meaning", code.meaning())
                        .field("advice", code.advice()));
        json.field("osType", decline.osType());
    }
}
