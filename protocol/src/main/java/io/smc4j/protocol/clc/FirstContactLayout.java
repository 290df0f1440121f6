package io.smc4j.protocol.clc;

import io.smc4j.protocol.internal.WireReader;
import io.smc4j.protocol.internal.WireWriter;

/**
 * The bytes of the first contact extension, offsets from its start.
 *
 * <pre>
 *   0  v2 direct (bit 7) | reserved
 *   1  OS type (4 bits) | release (4 bits)
 *   2  reserved (2)
 *   4  host name (32), padded with blanks
 *  36  max connections (1)          from here on release 1; zero in SMC-R release 0, absent in SMC-D release 0
 *  37  max links (1)
 *  38  feature mask (2)
 *  40  vendor options (4)
 *  44  reserved (8)
 * </pre>
 */
final class FirstContactLayout {
    static final int BASE_LENGTH = 36;
    static final int FULL_LENGTH = 52;

    private static final int DIRECT = 0;
    private static final int DIRECT_BIT = 0x80;
    private static final int OS_AND_RELEASE = 1;
    private static final int HOST_NAME = 4;
    private static final int MAX_CONNECTIONS = 36;
    private static final int MAX_LINKS = 37;
    private static final int FEATURE_MASK = 38;
    private static final int VENDOR_OPTIONS = 40;

    private FirstContactLayout() {}

    static FirstContactExtension decode(WireReader in, int at, boolean full) {
        return new FirstContactExtension(
                (in.u8(at + DIRECT) & DIRECT_BIT) != 0,
                in.u8(at + OS_AND_RELEASE) >>> 4,
                in.u8(at + OS_AND_RELEASE) & 0xF,
                in.text(at + HOST_NAME, FirstContactExtension.HOST_NAME_BYTES).replaceFirst(" +$", ""),
                full ? in.u8(at + MAX_CONNECTIONS) : 0,
                full ? in.u8(at + MAX_LINKS) : 0,
                full ? in.u16(at + FEATURE_MASK) : 0,
                full ? in.i32(at + VENDOR_OPTIONS) : 0);
    }

    static void encode(FirstContactExtension extension, WireWriter out, int at, boolean full) {
        out.u8(at + DIRECT, extension.direct() ? DIRECT_BIT : 0);
        out.u8(at + OS_AND_RELEASE, extension.osType() << 4 | extension.release());
        out.text(at + HOST_NAME, extension.hostName(), FirstContactExtension.HOST_NAME_BYTES);
        if (full) {
            out.u8(at + MAX_CONNECTIONS, extension.maxConnections());
            out.u8(at + MAX_LINKS, extension.maxLinks());
            out.u16(at + FEATURE_MASK, extension.featureMask());
            out.i32(at + VENDOR_OPTIONS, extension.vendorOptions());
        }
    }
}
