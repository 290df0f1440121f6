package io.smc4j.protocol.clc;

import io.smc4j.protocol.BufferSizeClass;
import io.smc4j.protocol.internal.Checks;

/**
 * One end of an SMC-D connection, as ACCEPT and CONFIRM tell it to the other: the ISM device and the DMB to write to.
 *
 * @param ismGid GID of the sender's ISM device; with an emulated device its first half
 * @param dmbToken names the DMB on that device
 * @param dmbeIndex element of the DMB, 0..255; 0 in Linux
 * @param dmbeSize size of the element, its 32-byte control area included
 * @param linkId four opaque bytes that identify the sender's link group
 */
public record SmcdEndpoint(long ismGid, long dmbToken, int dmbeIndex, BufferSizeClass dmbeSize, int linkId) {
    /** @throws IllegalArgumentException if the index needs more than a byte */
    public SmcdEndpoint {
        Checks.u8("DMBE index", dmbeIndex);
    }
}
