package io.smc4j.protocol.clc;

import io.smc4j.protocol.internal.Checks;
import java.nio.charset.StandardCharsets;

/**
 * What two hosts tell each other once per link group, in version 2 ACCEPT and CONFIRM of first contact.
 *
 * @param direct SMC-R: no IP gateway between the two RoCE ports
 * @param osType {@link #OS_ZOS}, {@link #OS_LINUX}, {@link #OS_AIX} or another 4-bit number
 * @param release 0 for version 2.0, 1 for 2.1, 4 bits
 * @param hostName the sender's name, at most 32 bytes, without the blanks that pad it
 * @param maxConnections release 1: connections per link group (SMC-R), 0..255
 * @param maxLinks release 1: links per link group (SMC-R), 0..255
 * @param featureMask release 1: features both ends share; {@link #FEATURE_EMULATED_ISM}
 * @param vendorOptions release 1: four bytes whose meaning is the vendor's
 */
public record FirstContactExtension(
        boolean direct,
        int osType,
        int release,
        String hostName,
        int maxConnections,
        int maxLinks,
        int featureMask,
        int vendorOptions) {
    public static final int OS_ZOS = 1;
    public static final int OS_LINUX = 2;
    public static final int OS_AIX = 3;

    /** Feature bit 0: 128-bit GIDs of emulated ISM devices. */
    public static final int FEATURE_EMULATED_ISM = 0x0001;

    /** Bytes of the host name field. */
    public static final int HOST_NAME_BYTES = 32;

    /** @throws IllegalArgumentException if a field is out of its range */
    public FirstContactExtension {
        Checks.range("OS type", osType, 0, 15);
        Checks.range("release", release, 0, 15);
        Checks.u8("max connections", maxConnections);
        Checks.u8("max links", maxLinks);
        Checks.u16("feature mask", featureMask);
        Checks.rule(
                hostName.length() <= HOST_NAME_BYTES
                        && !hostName.endsWith(" ")
                        && StandardCharsets.ISO_8859_1.newEncoder().canEncode(hostName),
                "a host name is at most 32 single-byte characters without trailing blanks, not '" + hostName + "'");
    }

    /** An extension of release 0, which negotiates no limits. */
    public static FirstContactExtension release0(boolean direct, int osType, String hostName) {
        return new FirstContactExtension(direct, osType, 0, hostName, 0, 0, 0, 0);
    }

    /** Whether the name is plain ASCII; Linux stores no other. */
    public boolean hasAsciiHostName() {
        return hostName.chars().allMatch(c -> c < 0x80);
    }

    /** Whether the 16 bytes that release 1 appended are all zero. */
    boolean hasEmptyContinuation() {
        return maxConnections == 0 && maxLinks == 0 && featureMask == 0 && vendorOptions == 0;
    }
}
