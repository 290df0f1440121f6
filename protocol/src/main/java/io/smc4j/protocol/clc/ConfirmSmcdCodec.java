package io.smc4j.protocol.clc;

import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.internal.WireReader;
import java.nio.ByteBuffer;

/** CONFIRM of SMC-D: exactly the bytes of {@link SmcdLayout}. */
final class ConfirmSmcdCodec {
    private ConfirmSmcdCodec() {}

    static ClcConfirmSmcd decode(ClcHeader header, WireReader in) throws ProtocolViolation {
        SmcdLayout.checkLength(header, in);
        return new ClcConfirmSmcd(
                header.version(),
                header.flag8(),
                SmcdLayout.endpoint(in),
                SmcdLayout.selection(header, in),
                SmcdLayout.extension(header, in));
    }

    static int encode(ClcConfirmSmcd confirm, ByteBuffer target) {
        return SmcdLayout.encode(
                confirm, confirm.firstContact(), confirm.endpoint(), confirm.selection(), confirm.extension(), target);
    }
}
