package io.smc4j.protocol.clc;

import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.internal.WireReader;
import io.smc4j.protocol.internal.WireWriter;
import java.nio.ByteBuffer;

/** ACCEPT of SMC-R: exactly the bytes of {@link SmcrLayout}; 68, 108 or (version 2, first contact) 160 of them. */
final class AcceptSmcrCodec {
    private AcceptSmcrCodec() {}

    static ClcAcceptSmcr decode(ClcHeader header, WireReader in) throws ProtocolViolation {
        SmcrLayout.checkLength(header, in);
        return new ClcAcceptSmcr(
                header.version(),
                header.flag8(),
                SmcrLayout.endpoint(in),
                SmcrLayout.eid(header, in),
                SmcrLayout.extension(header, in));
    }

    static int encode(ClcAcceptSmcr accept, ByteBuffer target) {
        WireWriter out = Frame.open(
                target,
                Eyecatcher.SMCR,
                ClcType.ACCEPT,
                SmcrLayout.length(accept.version(), accept.firstContact()),
                accept.version(),
                Frame.acceptFlags(accept.firstContact(), SmcType.R));
        SmcrLayout.write(out, accept.endpoint(), accept.eid(), accept.extension());
        return out.length();
    }
}
