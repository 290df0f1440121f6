package io.smc4j.cli.dissect.report;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.MacAddress;
import io.smc4j.protocol.llc.AddLinkRkey;
import io.smc4j.protocol.llc.LinkRtoken;
import io.smc4j.protocol.llc.LlcAddLink;
import io.smc4j.protocol.llc.LlcAddLinkContinue;
import io.smc4j.protocol.llc.LlcConfirmLink;
import io.smc4j.protocol.llc.LlcConfirmRkey;
import io.smc4j.protocol.llc.LlcConfirmRkeyContinue;
import io.smc4j.protocol.llc.LlcDeleteLink;
import io.smc4j.protocol.llc.LlcDeleteRkey;
import io.smc4j.protocol.llc.LlcMessage;
import io.smc4j.protocol.llc.LlcRequestAddLink;
import io.smc4j.protocol.llc.LlcTestLink;
import java.util.List;

/** The fields of an LLC message as members of a JSON object. */
final class LlcJson {
    private LlcJson() {}

    static void append(LlcMessage message, JsonWriter json) {
        json.field("version", message.version()).field("response", message.response());
        switch (message) {
            case LlcConfirmLink confirm -> {
                json.field("link", confirm.linkNumber());
                port(confirm.gid(), confirm.mac(), confirm.qpNumber(), json);
                json.unsigned("linkUid", confirm.linkUid());
                json.field("maxLinks", confirm.maxLinks()).field("maxConnections", confirm.maxConnections());
                json.field("noEyecatchers", confirm.acceptsNoEyecatchers());
            }
            case LlcAddLink add -> addLink(add, json);
            case LlcAddLinkContinue more -> {
                json.field("link", more.linkNumber()).field("rkeysLeft", more.rkeysLeft());
                addLinkRkeys(more.rkeys(), json);
            }
            case LlcDeleteLink delete -> {
                json.field("link", delete.linkNumber())
                        .field("all", delete.all())
                        .field("orderly", delete.orderly());
                json.unsigned("reason", delete.reason());
                delete.knownReason()
                        .ifPresent(reason ->
                                json.field("reasonName", reason.name()).field("meaning", reason.meaning()));
            }
            case LlcRequestAddLink request -> {
                json.name("gids").beginArray();
                request.gids().forEach(gid -> json.value(gid.toString()));
                json.endArray();
            }
            case LlcConfirmRkey confirm -> {
                json.unsigned("rkey", confirm.rkey()).hex("vaddr", confirm.address());
                json.field("negative", confirm.negative()).field("retry", confirm.retry());
                json.field("additionalCount", confirm.announcedAdditional());
                rtokens("additional", confirm.additional(), json);
            }
            case LlcConfirmRkeyContinue more -> {
                json.field("rtokensLeft", more.remaining());
                rtokens("rtokens", more.rtokens(), json);
            }
            case LlcDeleteRkey delete -> {
                json.field("count", delete.count()).field("negative", delete.negative());
                json.field("status", delete.status());
                json.name("rkeys").beginArray();
                delete.rkeys().forEach(rkey -> json.value(Integer.toUnsignedLong(rkey)));
                json.endArray();
            }
            case LlcTestLink test ->
                json.hex("userDataHigh", test.userDataHigh()).hex("userDataLow", test.userDataLow());
        }
    }

    private static void addLink(LlcAddLink add, JsonWriter json) {
        json.field("link", add.linkNumber()).field("rejected", add.rejected());
        if (add.rejected() && add.version() == 1) {
            json.field("rejectReason", add.rejectReason());
        }
        port(add.gid(), add.mac(), add.qpNumber(), json);
        json.field("mtu", add.mtu().map(mtu -> mtu.bytes()).orElse(0)).field("initialPsn", add.psn());
        add.extension().ifPresent(extension -> {
            json.field("direct", extension.direct())
                    .field("targetGid", extension.targetGid().toString());
            json.field("announcedRkeys", extension.announcedRkeys());
            addLinkRkeys(extension.rkeys(), json);
        });
    }

    private static void port(Gid gid, MacAddress mac, int queuePair, JsonWriter json) {
        json.field("gid", gid.toString()).field("mac", mac.toString()).field("qpn", queuePair);
    }

    private static void addLinkRkeys(List<AddLinkRkey> rkeys, JsonWriter json) {
        json.name("rkeys").beginArray();
        rkeys.forEach(rkey -> json.beginObject()
                .unsigned("rkey", rkey.rkeyOnCarryingLink())
                .unsigned("newRkey", rkey.rkeyOnNewLink())
                .hex("newVaddr", rkey.addressOnNewLink())
                .endObject());
        json.endArray();
    }

    private static void rtokens(String name, List<LinkRtoken> rtokens, JsonWriter json) {
        json.name(name).beginArray();
        rtokens.forEach(rtoken -> json.beginObject()
                .field("link", rtoken.linkNumber())
                .unsigned("rkey", rtoken.rkey())
                .hex("vaddr", rtoken.address())
                .endObject());
        json.endArray();
    }
}
