package io.smc4j.protocol.clc;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.internal.WireReader;
import io.smc4j.protocol.internal.WireWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * CONFIRM of SMC-R: the bytes of {@link SmcrLayout}, and on first contact of version 2 behind them
 *
 * <pre>
 * 156  number k of GIDs (1)
 * 157  reserved (3)
 * 160  k GIDs of 16 bytes: the one in use, then alternates
 *  -4  trailer
 * </pre>
 *
 * 68, 108 or 164 + 16k bytes.
 */
final class ConfirmSmcrCodec {
    private static final int GID_COUNT = SmcrLayout.BEHIND_EXTENSION;
    private static final int GIDS = 160;
    static final int LENGTH_WITHOUT_GIDS = GIDS + Frame.TRAILER_LENGTH;

    private ConfirmSmcrCodec() {}

    static ClcConfirmSmcr decode(ClcHeader header, WireReader in) throws ProtocolViolation {
        SmcrLayout.checkLength(header, in);
        return new ClcConfirmSmcr(
                header.version(),
                header.flag8(),
                SmcrLayout.endpoint(in),
                SmcrLayout.eid(header, in),
                SmcrLayout.extension(header, in),
                gids(header, in));
    }

    private static List<Gid> gids(ClcHeader header, WireReader in) throws ProtocolViolation {
        if (header.version() == 1 || !header.flag8() || in.length() < LENGTH_WITHOUT_GIDS) {
            return List.of();
        }
        int count = in.u8(GID_COUNT);
        if (in.length() < LENGTH_WITHOUT_GIDS + count * Gid.BYTES) {
            throw in.violation(
                    GID_COUNT,
                    count + " GIDs",
                    "a message of " + in.length() + " bytes has room for "
                            + (in.length() - LENGTH_WITHOUT_GIDS) / Gid.BYTES);
        }
        List<Gid> gids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            gids.add(in.gid(GIDS + i * Gid.BYTES));
        }
        return gids;
    }

    static int encode(ClcConfirmSmcr confirm, ByteBuffer target) {
        int length = SmcrLayout.length(confirm.version(), confirm.firstContact());
        if (confirm.extension().isPresent()) {
            length = LENGTH_WITHOUT_GIDS + confirm.gids().size() * Gid.BYTES;
        }
        WireWriter out = Frame.open(
                target,
                Eyecatcher.SMCR,
                ClcType.CONFIRM,
                length,
                confirm.version(),
                Frame.acceptFlags(confirm.firstContact(), SmcType.R));
        SmcrLayout.write(out, confirm.endpoint(), confirm.eid(), confirm.extension());
        if (confirm.extension().isPresent()) {
            out.u8(GID_COUNT, confirm.gids().size());
            for (int i = 0; i < confirm.gids().size(); i++) {
                out.gid(GIDS + i * Gid.BYTES, confirm.gids().get(i));
            }
        }
        return length;
    }
}
