package io.smc4j.protocol.clc;

import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.internal.WireReader;
import java.nio.ByteBuffer;

/** ACCEPT of SMC-D: exactly the bytes of {@link SmcdLayout}. */
final class AcceptSmcdCodec {
    private AcceptSmcdCodec() {}

    static ClcAcceptSmcd decode(ClcHeader header, WireReader in) throws ProtocolViolation {
        SmcdLayout.checkLength(header, in);
        return new ClcAcceptSmcd(
                header.version(),
                header.flag8(),
                SmcdLayout.endpoint(in),
                SmcdLayout.selection(header, in),
                SmcdLayout.extension(header, in));
    }

    static int encode(ClcAcceptSmcd accept, ByteBuffer target) {
        return SmcdLayout.encode(
                accept, accept.firstContact(), accept.endpoint(), accept.selection(), accept.extension(), target);
    }
}
