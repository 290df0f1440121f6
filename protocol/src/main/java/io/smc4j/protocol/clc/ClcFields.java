package io.smc4j.protocol.clc;

import io.smc4j.protocol.BufferSizeClass;
import io.smc4j.protocol.WireField;
import io.smc4j.protocol.internal.FieldList;
import io.smc4j.protocol.internal.WireReader;
import java.util.List;

/** Lists the fields of a CLC message that has been decoded, in the order of its bytes. */
final class ClcFields {
    private ClcFields() {}

    static List<WireField> describe(ClcMessage message, WireReader in) {
        FieldList out = new FieldList(in);
        header(message, in, out);
        switch (message) {
            case ClcProposal proposal -> ProposalFields.describe(proposal, out);
            case ClcAcceptSmcr accept ->
                smcr(accept.endpoint(), accept.version(), accept.extension().isPresent(), in, out);
            case ClcConfirmSmcr confirm -> {
                smcr(confirm.endpoint(), confirm.version(), confirm.extension().isPresent(), in, out);
                if (confirm.extension().isPresent() && in.length() >= ConfirmSmcrCodec.LENGTH_WITHOUT_GIDS) {
                    out.number(1, "number of GIDs").reserved(3);
                    for (int i = 0; i < confirm.gids().size(); i++) {
                        out.gid(i == 0 ? "GID in use" : "alternate GID " + i);
                    }
                }
            }
            case ClcAcceptSmcd accept ->
                smcd(accept.endpoint(), accept.version(), accept.extension().isPresent(), in, out);
            case ClcConfirmSmcd confirm ->
                smcd(confirm.endpoint(), confirm.version(), confirm.extension().isPresent(), in, out);
            case ClcDecline decline -> decline(decline, out);
        }
        int rest = in.length() - Frame.TRAILER_LENGTH - out.next();
        return out.unused(
                        rest,
                        message.type() == ClcType.PROPOSAL ? "SMC-D extension that no offset points to" : "unknown")
                .add(Frame.TRAILER_LENGTH, "trailer", eyecatcher(in, out.next()))
                .toList();
    }

    private static String eyecatcher(WireReader in, int offset) {
        return Eyecatcher.of(in.i32(offset))
                .map(value -> value + " in EBCDIC")
                .orElseGet(() -> String.format("%08x, not an eyecatcher", in.i32(offset)));
    }

    private static void header(ClcMessage message, WireReader in, FieldList out) {
        int flags = in.u8(ClcHeader.FLAGS);
        String meaning = switch (message) {
            case ClcProposal proposal ->
                ", offers " + proposal.typeV2() + " in version 2, " + proposal.typeV1() + " in version 1";
            case ClcDecline decline -> decline.outOfSync() ? ", out of sync" : "";
            case ClcAcceptSmcr accept -> ", SMC-R" + contact(accept.firstContact());
            case ClcAcceptSmcd accept -> ", SMC-D" + contact(accept.firstContact());
            case ClcConfirmSmcr confirm -> ", SMC-R" + contact(confirm.firstContact());
            case ClcConfirmSmcd confirm -> ", SMC-D" + contact(confirm.firstContact());
        };
        out.add(Eyecatcher.BYTES, "eyecatcher", eyecatcher(in, 0))
                .add(1, "type", message.type().code() + " " + message.type())
                .number(2, "length")
                .add(1, "version and flags", String.format("0x%02x version %d%s", flags, message.version(), meaning));
    }

    private static String contact(boolean first) {
        return first ? ", first contact" : "";
    }

    private static void smcr(SmcrEndpoint end, int version, boolean extended, WireReader in, FieldList out) {
        out.hex(8, "peer id")
                .gid("GID")
                .mac("MAC")
                .hex(3, "queue pair number")
                .hex(4, "rkey of the RMB")
                .number(1, "RMBE index")
                .hex(4, "alert token of the sender")
                .add(
                        1,
                        "RMBE size and QP MTU",
                        size(end.rmbeSize()) + ", MTU " + end.mtu().bytes())
                .reserved(1)
                .hex(8, "RMB address")
                .reserved(1)
                .hex(3, "initial PSN");
        if (version >= 2) {
            out.text(32, "negotiated EID").reserved(8);
        }
        if (extended) {
            firstContact(in.length() >= SmcrLayout.V2_FIRST_CONTACT_LENGTH, out);
        }
    }

    private static String size(BufferSizeClass size) {
        return size.bytes() + " bytes (code " + size.code() + ")";
    }

    private static void firstContact(boolean full, FieldList out) {
        out.add(1, "path", (out.peekU8() & 0x80) != 0 ? "direct" : "over an IP gateway");
        int release = out.peekU8() & 0xF;
        out.add(1, "OS type and release", system(out.peekU8() >>> 4) + ", release " + release)
                .reserved(2)
                .text(FirstContactExtension.HOST_NAME_BYTES, "host name");
        if (full) {
            out.number(1, "max connections per link group")
                    .number(1, "max links per link group")
                    .hex(2, "feature mask")
                    .hex(4, "vendor options")
                    .reserved(8);
        }
    }

    static String system(int type) {
        return switch (type) {
            case FirstContactExtension.OS_ZOS -> "z/OS";
            case FirstContactExtension.OS_LINUX -> "Linux";
            case FirstContactExtension.OS_AIX -> "AIX";
            default -> "OS type " + type;
        };
    }

    private static void smcd(SmcdEndpoint end, int version, boolean extended, WireReader in, FieldList out) {
        out.hex(8, "ISM GID")
                .hex(8, "DMB token")
                .number(1, "DMBE index")
                .add(1, "DMBE size", size(end.dmbeSize()))
                .reserved(2)
                .hex(4, "link id");
        if (version == 1) {
            out.reserved(12);
            return;
        }
        out.hex(2, "CHID").text(32, "negotiated EID").hex(8, "second half of the ISM GID");
        if (extended) {
            firstContact(SmcdLayout.hasRelease1(in), out);
        }
    }

    private static void decline(ClcDecline decline, FieldList out) {
        out.hex(8, "peer id")
                .add(
                        4,
                        "diagnosis",
                        decline.knownDiagnosis()
                                .map(DiagnosisCode::describe)
                                .orElseGet(() -> String.format("0x%08x", decline.diagnosis())));
        if (decline.version() == 1) {
            out.reserved(4);
            return;
        }
        out.add(1, "OS type", system(decline.osType())).reserved(3);
        for (int i = 1; i <= ClcDecline.ADDITIONAL_DIAGNOSES; i++) {
            out.hex(4, "additional diagnosis " + i);
        }
    }
}
