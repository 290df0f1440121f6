package io.smc4j.protocol.llc;

import io.smc4j.protocol.WireField;
import io.smc4j.protocol.internal.FieldList;
import io.smc4j.protocol.internal.WireReader;
import java.util.List;
import java.util.stream.Stream;

/** Lists the fields of an LLC message that has been decoded, in the order of its bytes. */
final class LlcFields {
    private LlcFields() {}

    static List<WireField> describe(LlcMessage message, LlcByteOrder order, WireReader in) {
        FieldList out = new FieldList(in);
        header(message, order, in, out);
        switch (message) {
            case LlcConfirmLink confirmLink ->
                out.mac("MAC")
                        .gid("GID")
                        .hex(3, "queue pair number")
                        .number(1, "link number")
                        .hex(4, "link UID")
                        .number(1, "max links")
                        .number(1, "max connections");
            case LlcAddLink addLink -> addLink(addLink, out);
            case LlcAddLinkContinue more -> {
                out.number(1, "link number").number(1, "rkeys left").reserved(2);
                addLinkRkeys(more.rkeys().size(), out);
            }
            case LlcDeleteLink deleteLink ->
                out.number(1, "link number")
                        .add(
                                4,
                                "reason",
                                String.format("0x%08x", deleteLink.reason())
                                        + deleteLink
                                                .knownReason()
                                                .map(reason -> " " + reason + " (" + reason.meaning() + ")")
                                                .orElse(""));
            case LlcRequestAddLink request -> {
                out.reserved(20).number(1, "number of GIDs").reserved(3);
                for (int i = 0; i < request.gids().size(); i++) {
                    out.gid("GID " + i);
                }
            }
            case LlcConfirmRkey confirmRkey -> {
                out.number(1, "additional rtokens").hex(4, "rkey on this link").hex(8, "address on this link");
                rtokens(confirmRkey.additional(), out);
            }
            case LlcConfirmRkeyContinue more -> {
                out.number(1, "rtokens left");
                rtokens(more.rtokens(), out);
            }
            case LlcDeleteRkey deleteRkey -> {
                out.number(1, "number of rkeys")
                        .hex(1, deleteRkey.version() == 1 ? "mask of unknown rkeys" : "number of unknown rkeys")
                        .reserved(2);
                for (int i = 0; i < deleteRkey.rkeys().size(); i++) {
                    out.hex(4, "rkey " + i);
                }
            }
            case LlcTestLink _ -> out.hex(8, "user data").hex(8, "user data");
        }
        return out.reserved(in.length() - out.next()).toList();
    }

    private static void header(LlcMessage message, LlcByteOrder order, WireReader in, FieldList out) {
        out.add(1, "type", String.format("0x%02x %s", in.u8(0), message.type()));
        if (message.version() == 1) {
            out.number(1, "length");
            if (message instanceof LlcAddLink) {
                out.hex(1, "reject reason");
            } else {
                out.reserved(1);
            }
        } else {
            out.add(
                    2,
                    "length",
                    in.length() + ", " + (order == LlcByteOrder.LITTLE_ENDIAN ? "little" : "big") + "-endian");
        }
        String names = String.join(", ", flags(message));
        out.add(1, "flags", String.format("0x%02x", in.u8(LlcHeader.FLAGS)) + (names.isEmpty() ? "" : " " + names));
    }

    /** The flags that are set, by name. */
    static List<String> flags(LlcMessage message) {
        Stream<String> own = switch (message) {
            case LlcConfirmLink confirm -> flag(confirm.acceptsNoEyecatchers(), "no RMBE eyecatchers");
            case LlcAddLink addLink -> flag(addLink.rejected(), "rejected");
            case LlcDeleteLink delete ->
                Stream.concat(flag(delete.all(), "all links"), flag(delete.orderly(), "orderly"));
            case LlcConfirmRkey confirm ->
                Stream.concat(flag(confirm.negative(), "negative"), flag(confirm.retry(), "may be tried again"));
            case LlcDeleteRkey delete -> flag(delete.negative(), "negative");
            case LlcAddLinkContinue _, LlcRequestAddLink _, LlcConfirmRkeyContinue _, LlcTestLink _ -> Stream.empty();
        };
        return Stream.concat(flag(message.response(), "response"), own).toList();
    }

    private static Stream<String> flag(boolean set, String name) {
        return set ? Stream.of(name) : Stream.empty();
    }

    private static void addLink(LlcAddLink addLink, FieldList out) {
        out.mac("MAC")
                .reserved(2)
                .gid("GID")
                .hex(3, "queue pair number")
                .number(1, "link number")
                .add(
                        1,
                        "QP MTU",
                        addLink.mtu().map(mtu -> mtu.bytes() + " bytes").orElse("none"))
                .hex(3, "initial PSN")
                .reserved(8);
        addLink.extension().ifPresent(extension -> {
            out.add(1, "path", extension.direct() ? "direct" : "over an IP gateway")
                    .reserved(1)
                    .gid("target GID")
                    .reserved(8)
                    .add(2, "number of rkeys", Integer.toString(extension.announcedRkeys()));
            addLinkRkeys(extension.rkeys().size(), out);
        });
    }

    private static void addLinkRkeys(int count, FieldList out) {
        for (int i = 0; i < count; i++) {
            out.hex(4, "rkey " + i + " on this link")
                    .hex(4, "rkey " + i + " on the new link")
                    .hex(8, "address " + i + " on the new link");
        }
    }

    private static void rtokens(List<LinkRtoken> rtokens, FieldList out) {
        for (LinkRtoken rtoken : rtokens) {
            out.number(1, "link number")
                    .hex(4, "rkey on link " + rtoken.linkNumber())
                    .hex(8, "address on link " + rtoken.linkNumber());
        }
    }
}
