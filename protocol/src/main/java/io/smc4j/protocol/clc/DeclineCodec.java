package io.smc4j.protocol.clc;

import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.internal.WireReader;
import io.smc4j.protocol.internal.WireWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * DECLINE.
 *
 * <pre>
 *   0  header (8)                    bit 3 of byte 7: out of sync
 *   8  peer id (8)
 *  16  diagnosis (4)
 *  20  version 2: OS type (4 bits) | reserved (4 bits); version 1: reserved
 *  21  reserved (3)
 *  24  version 2: four additional diagnoses (16)
 *  -4  trailer, which nobody verifies: 28 bytes in version 1, 44 in version 2
 * </pre>
 */
final class DeclineCodec {
    private static final int PEER_ID = 8;
    private static final int DIAGNOSIS = 16;
    private static final int OS_TYPE = 20;
    private static final int ADDITIONAL = 24;
    private static final int V1_LENGTH = 28;
    private static final int V2_LENGTH = 44;

    private DeclineCodec() {}

    static ClcDecline decode(ClcHeader header, WireReader in) throws ProtocolViolation {
        boolean version1 = header.version() == 1;
        in.requireLength(version1 ? V1_LENGTH : V2_LENGTH, ClcHeader.LENGTH);
        List<Integer> additional = new ArrayList<>(ClcDecline.ADDITIONAL_DIAGNOSES);
        for (int i = 0; !version1 && i < ClcDecline.ADDITIONAL_DIAGNOSES; i++) {
            additional.add(in.i32(ADDITIONAL + 4 * i));
        }
        return new ClcDecline(
                header.version(),
                header.flag8(),
                in.peerId(PEER_ID),
                in.i32(DIAGNOSIS),
                version1 ? 0 : in.u8(OS_TYPE) >>> 4,
                additional);
    }

    static int encode(ClcDecline decline, ByteBuffer target) {
        WireWriter out = Frame.open(
                target,
                Eyecatcher.SMCR,
                ClcType.DECLINE,
                decline.version() == 1 ? V1_LENGTH : V2_LENGTH,
                decline.version(),
                decline.outOfSync() ? ClcHeader.FLAG_8 : 0);
        out.peerId(PEER_ID, decline.peerId());
        out.i32(DIAGNOSIS, decline.diagnosis());
        out.u8(OS_TYPE, decline.osType() << 4);
        for (int i = 0; i < decline.additionalDiagnoses().size(); i++) {
            out.i32(ADDITIONAL + 4 * i, decline.additionalDiagnoses().get(i));
        }
        return out.length();
    }
}
