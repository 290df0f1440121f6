package io.smc4j.protocol.clc;

import io.smc4j.protocol.internal.Checks;

/**
 * The part of a PROPOSAL that describes the client's native ISM device; zero where there is none.
 *
 * @param ismGid GID of the device
 * @param chid fabric of the device, 16 bits
 * @param vendorOui release 2.1: the vendor's OUI, 24 bits
 * @param vendorOptions release 2.1: five bytes whose meaning is the vendor's
 */
public record ProposalSmcdArea(long ismGid, int chid, int vendorOui, long vendorOptions) {
    /** No device, no vendor. */
    public static final ProposalSmcdArea EMPTY = new ProposalSmcdArea(0, 0, 0, 0);

    /** @throws IllegalArgumentException if a number is out of its range */
    public ProposalSmcdArea {
        Checks.u16("CHID", chid);
        Checks.u24("vendor OUI", vendorOui);
        Checks.range("vendor options", vendorOptions, 0, (1L << 40) - 1);
    }
}
