package io.smc4j.protocol.llc;

import io.smc4j.protocol.PathMtu;
import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.internal.WireReader;
import io.smc4j.protocol.internal.WireWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * ADD LINK: 44 bytes, and in version 2 an extension unless it is a rejection.
 *
 * <pre>
 *   0  header (4)                   version 1 rejection: reason in byte 2
 *   4  MAC (6)
 *  10  reserved (2)
 *  12  GID (16)
 *  28  QPN (3)
 *  31  link number (1)
 *  32  reserved (4 bits) | QP MTU (4 bits)
 *  33  initial PSN (3)
 *  36  reserved (8)
 *
 *  44  v2 direct (bit 7) | reserved
 *  45  reserved (1)
 *  46  target GID (16)
 *  62  reserved (8)
 *  70  number of rkeys (2), in the byte order of the sender; may exceed the entries that follow
 *  72  entries of 16 bytes: rkey on the carrying link (4), rkey on the new link (4), address on the new link (8)
 * </pre>
 */
final class AddLinkCodec {
    private static final int MAC = 4;
    private static final int GID = 12;
    private static final int QPN = 28;
    private static final int LINK_NUMBER = 31;
    private static final int MTU = 32;
    private static final int PSN = 33;
    private static final int BODY = 4;

    private static final int DIRECT = 44;
    private static final int DIRECT_BIT = 0x80;
    private static final int TARGET_GID = 46;
    private static final int RKEY_COUNT = 70;
    private static final int RKEYS = 72;

    private AddLinkCodec() {}

    static LlcAddLink decode(LlcHeader header, WireReader in) throws ProtocolViolation {
        if (isMarker(in)) {
            throw in.violation(BODY, "an empty body", "that is Linux's own marker for 'add a link', and never sent");
        }
        int mtu = in.u8(MTU) & 0xF;
        boolean rejected = header.response() && header.has(LlcHeader.REJECTED);
        return new LlcAddLink(
                header.version(),
                header.response(),
                rejected,
                rejected ? header.rejectReason() : 0,
                in.mac(MAC),
                in.gid(GID),
                in.u24(QPN),
                in.u8(LINK_NUMBER),
                mtu == 0 ? Optional.empty() : Optional.of(in.mtu(MTU)),
                in.u24(PSN),
                in.length() == LlcHeader.V1_LENGTH ? Optional.empty() : Optional.of(extension(header.order(), in)));
    }

    /** Whether every named field is zero; reserved bits do not make a message of it. */
    private static boolean isMarker(WireReader in) {
        return in.mac(MAC).isNone()
                && in.gid(GID).isNone()
                && in.u24(QPN) == 0
                && in.u8(LINK_NUMBER) == 0
                && (in.u8(MTU) & 0xF) == 0
                && in.u24(PSN) == 0;
    }

    /**
     * For a length that reads the same in both orders, as 0x0808 does, which is that of 124 rkeys: the count tells. It is no less than
     * what the message carries, and hardly more, for Linux has at most 255 connections.
     */
    static LlcByteOrder orderByCount(WireReader in) {
        int present = (in.length() - RKEYS) / AddLinkRkeyLayout.LENGTH;
        int little = in.u16(RKEY_COUNT, LlcByteOrder.LITTLE_ENDIAN.order());
        int big = in.u16(RKEY_COUNT, LlcByteOrder.BIG_ENDIAN.order());
        return big >= present && (little < present || big < little)
                ? LlcByteOrder.BIG_ENDIAN
                : LlcByteOrder.LITTLE_ENDIAN;
    }

    private static LlcAddLink.Extension extension(LlcByteOrder order, WireReader in) throws ProtocolViolation {
        in.requireAtLeast(RKEYS, LlcHeader.LENGTH);
        int present = (in.length() - RKEYS) / AddLinkRkeyLayout.LENGTH;
        if (present > LlcAddLink.MAX_RKEYS) {
            throw in.violation(LlcHeader.LENGTH, in.length() + " bytes", "there are at most 255 rkeys");
        }
        in.requireLength(RKEYS + present * AddLinkRkeyLayout.LENGTH, LlcHeader.LENGTH);
        int announced = in.u16(RKEY_COUNT, order.order());
        if (announced < present) {
            throw in.violation(
                    RKEY_COUNT, announced + " rkeys", "the message carries " + present + " and must announce them");
        }
        List<AddLinkRkey> rkeys = new ArrayList<>(present);
        for (int i = 0; i < present; i++) {
            rkeys.add(AddLinkRkeyLayout.read(in, RKEYS + i * AddLinkRkeyLayout.LENGTH));
        }
        return new LlcAddLink.Extension((in.u8(DIRECT) & DIRECT_BIT) != 0, in.gid(TARGET_GID), announced, rkeys);
    }

    static int encode(LlcAddLink message, LlcByteOrder order, ByteBuffer target) {
        int length = message.extension()
                .map(extension -> RKEYS + extension.rkeys().size() * AddLinkRkeyLayout.LENGTH)
                .orElse(LlcHeader.V1_LENGTH);
        WireWriter out = LlcHeader.open(message, length, order, message.rejected() ? LlcHeader.REJECTED : 0, target);
        if (message.version() == 1) {
            out.u8(LlcHeader.REJECT_REASON, message.rejectReason());
        }
        out.mac(MAC, message.mac());
        out.gid(GID, message.gid());
        out.u24(QPN, message.qpNumber());
        out.u8(LINK_NUMBER, message.linkNumber());
        out.u8(MTU, message.mtu().map(PathMtu::code).orElse(0));
        out.u24(PSN, message.psn());
        message.extension().ifPresent(extension -> {
            out.u8(DIRECT, extension.direct() ? DIRECT_BIT : 0);
            out.gid(TARGET_GID, extension.targetGid());
            out.u16(RKEY_COUNT, extension.announcedRkeys(), order.order());
            for (int i = 0; i < extension.rkeys().size(); i++) {
                AddLinkRkeyLayout.write(extension.rkeys().get(i), out, RKEYS + i * AddLinkRkeyLayout.LENGTH);
            }
        });
        return length;
    }
}
