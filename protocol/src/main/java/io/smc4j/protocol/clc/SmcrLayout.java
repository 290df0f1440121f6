package io.smc4j.protocol.clc;

import io.smc4j.protocol.BufferSizeClass;
import io.smc4j.protocol.Eid;
import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.internal.WireReader;
import io.smc4j.protocol.internal.WireWriter;
import java.util.Optional;

/**
 * The bytes that ACCEPT and CONFIRM of SMC-R have in common.
 *
 * <pre>
 *   0  header (8)                         eyecatcher SMCR
 *   8  peer id (8)
 *  16  GID (16)
 *  32  MAC (6)
 *  38  QPN (3)
 *  41  rkey (4)
 *  45  RMBE index (1)
 *  46  alert token (4)
 *  50  RMBE size (4 bits) | QP MTU (4 bits)
 *  51  reserved (1)
 *  52  RMB address (8)
 *  60  reserved (1)
 *  61  initial PSN (3)
 *  64  version 1: trailer (4), 68 bytes in all
 *
 *  64  version 2: EID (32)
 *  96  reserved (8)
 * 104  first contact extension (52), zero behind byte 36 in release 0; only on first contact
 * 156  CONFIRM of first contact: see {@link ConfirmSmcrCodec}
 *  -4  trailer
 * </pre>
 */
final class SmcrLayout {
    static final int V1_LENGTH = 68;
    static final int V2_LENGTH = 108;
    static final int V2_FIRST_CONTACT_LENGTH = 160;

    /** Early kernels end a first contact message behind the 36 bytes of release 0. */
    static final int V2_SHORT_FIRST_CONTACT_LENGTH = 144;

    static final int BEHIND_EXTENSION = 156;

    private static final int PEER_ID = 8;
    private static final int GID = 16;
    private static final int MAC = 32;
    private static final int QPN = 38;
    private static final int RKEY = 41;
    private static final int RMBE_INDEX = 45;
    private static final int ALERT_TOKEN = 46;
    private static final int SIZE_AND_MTU = 50;
    private static final int RMB_ADDRESS = 52;
    private static final int PSN = 61;
    private static final int EID = 64;
    private static final int EXTENSION = 104;

    private SmcrLayout() {}

    static int length(int version, boolean firstContact) {
        if (version == 1) {
            return V1_LENGTH;
        }
        return firstContact ? V2_FIRST_CONTACT_LENGTH : V2_LENGTH;
    }

    static void checkLength(ClcHeader header, WireReader in) throws ProtocolViolation {
        if (header.version() == 1) {
            in.requireLength(V1_LENGTH, ClcHeader.LENGTH);
        } else {
            in.requireAtLeast(header.flag8() ? V2_SHORT_FIRST_CONTACT_LENGTH : V2_LENGTH, ClcHeader.LENGTH);
        }
        Frame.checkTrailer(in);
    }

    static SmcrEndpoint endpoint(WireReader in) throws ProtocolViolation {
        if (in.u8(RMBE_INDEX) == 0) {
            throw in.violation(RMBE_INDEX, "RMBE index 0", "elements of an RMB count from 1");
        }
        if (in.i32(ALERT_TOKEN) == 0) {
            throw in.violation(ALERT_TOKEN, "alert token 0", "an alert token is never 0");
        }
        return new SmcrEndpoint(
                in.peerId(PEER_ID),
                in.gid(GID),
                in.mac(MAC),
                in.u24(QPN),
                in.i32(RKEY),
                in.u8(RMBE_INDEX),
                in.i32(ALERT_TOKEN),
                new BufferSizeClass(in.u8(SIZE_AND_MTU) >>> 4),
                in.mtu(SIZE_AND_MTU),
                in.i64(RMB_ADDRESS),
                in.u24(PSN));
    }

    static Optional<Eid> eid(ClcHeader header, WireReader in) throws ProtocolViolation {
        return header.version() == 1 ? Optional.empty() : Optional.of(in.eid(EID));
    }

    static Optional<FirstContactExtension> extension(ClcHeader header, WireReader in) {
        if (header.version() == 1 || !header.flag8()) {
            return Optional.empty();
        }
        return Optional.of(FirstContactLayout.decode(in, EXTENSION, in.length() >= V2_FIRST_CONTACT_LENGTH));
    }

    static void write(WireWriter out, SmcrEndpoint end, Optional<Eid> eid, Optional<FirstContactExtension> extension) {
        out.peerId(PEER_ID, end.peerId());
        out.gid(GID, end.gid());
        out.mac(MAC, end.mac());
        out.u24(QPN, end.qpNumber());
        out.i32(RKEY, end.rkey());
        out.u8(RMBE_INDEX, end.rmbeIndex());
        out.i32(ALERT_TOKEN, end.alertToken());
        out.u8(SIZE_AND_MTU, end.rmbeSize().code() << 4 | end.mtu().code());
        out.i64(RMB_ADDRESS, end.rmbAddress());
        out.u24(PSN, end.psn());
        eid.ifPresent(value -> out.eid(EID, value));
        extension.ifPresent(value -> FirstContactLayout.encode(value, out, EXTENSION, true));
    }
}
