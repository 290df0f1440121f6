package io.smc4j.protocol.clc;

import io.smc4j.protocol.BufferSizeClass;
import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.internal.WireReader;
import io.smc4j.protocol.internal.WireWriter;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The bytes that ACCEPT and CONFIRM of SMC-D have in common: all of them.
 *
 * <pre>
 *   0  header (8)                         eyecatcher SMCD
 *   8  ISM GID (8)
 *  16  DMB token (8)
 *  24  DMBE index (1)
 *  25  DMBE size (4 bits) | reserved (4 bits)
 *  26  reserved (2)
 *  28  link id (4)
 *  32  version 1: reserved (12), then the trailer: 48 bytes in all
 *
 *  32  version 2: CHID (2)
 *  34  EID (32)
 *  66  second half of the GID of an emulated device (8), otherwise 0
 *  74  first contact extension: 36 bytes in release 0, 52 from release 1; only on first contact
 *  -4  trailer: 78, 114 or 130 bytes in all
 * </pre>
 */
final class SmcdLayout {
    private static final int ISM_GID = 8;
    private static final int DMB_TOKEN = 16;
    private static final int DMBE_INDEX = 24;
    private static final int DMBE_SIZE = 25;
    private static final int LINK_ID = 28;
    private static final int CHID = 32;
    private static final int EID = 34;
    private static final int GID_EXTENSION = 66;
    private static final int EXTENSION = 74;

    private static final int V1_LENGTH = 48;
    private static final int V2_LENGTH = EXTENSION + Frame.TRAILER_LENGTH;

    private SmcdLayout() {}

    static void checkLength(ClcHeader header, WireReader in) throws ProtocolViolation {
        if (header.version() == 1) {
            in.requireLength(V1_LENGTH, ClcHeader.LENGTH);
        } else {
            in.requireAtLeast(V2_LENGTH, ClcHeader.LENGTH);
            if (header.flag8()) {
                in.requireAtLeast(V2_LENGTH + FirstContactLayout.BASE_LENGTH, ClcHeader.LENGTH);
                if (hasRelease1(in)) {
                    in.requireAtLeast(V2_LENGTH + FirstContactLayout.FULL_LENGTH, ClcHeader.LENGTH);
                }
            }
        }
        Frame.checkTrailer(in);
    }

    static boolean hasRelease1(WireReader in) {
        return FirstContactLayout.decode(in, EXTENSION, false).release() > 0;
    }

    static SmcdEndpoint endpoint(WireReader in) {
        return new SmcdEndpoint(
                in.i64(ISM_GID),
                in.i64(DMB_TOKEN),
                in.u8(DMBE_INDEX),
                new BufferSizeClass(in.u8(DMBE_SIZE) >>> 4),
                in.i32(LINK_ID));
    }

    static Optional<SmcdSelection> selection(ClcHeader header, WireReader in) throws ProtocolViolation {
        return header.version() == 1
                ? Optional.empty()
                : Optional.of(new SmcdSelection(in.u16(CHID), in.eid(EID), in.i64(GID_EXTENSION)));
    }

    static Optional<FirstContactExtension> extension(ClcHeader header, WireReader in) {
        return header.version() == 1 || !header.flag8()
                ? Optional.empty()
                : Optional.of(FirstContactLayout.decode(in, EXTENSION, hasRelease1(in)));
    }

    static int encode(
            ClcMessage message,
            boolean firstContact,
            SmcdEndpoint end,
            Optional<SmcdSelection> selection,
            Optional<FirstContactExtension> extension,
            ByteBuffer target) {
        boolean full = extension.isPresent() && extension.get().release() > 0;
        int length = message.version() == 1 ? V1_LENGTH : V2_LENGTH;
        if (extension.isPresent()) {
            length += full ? FirstContactLayout.FULL_LENGTH : FirstContactLayout.BASE_LENGTH;
        }
        WireWriter out = Frame.open(
                target,
                Eyecatcher.SMCD,
                message.type(),
                length,
                message.version(),
                Frame.acceptFlags(firstContact, SmcType.D));
        out.i64(ISM_GID, end.ismGid());
        out.i64(DMB_TOKEN, end.dmbToken());
        out.u8(DMBE_INDEX, end.dmbeIndex());
        out.u8(DMBE_SIZE, end.dmbeSize().code() << 4);
        out.i32(LINK_ID, end.linkId());
        selection.ifPresent(value -> {
            out.u16(CHID, value.chid());
            out.eid(EID, value.eid());
            out.i64(GID_EXTENSION, value.ismGidExtension());
        });
        extension.ifPresent(value -> FirstContactLayout.encode(value, out, EXTENSION, full));
        return length;
    }
}
