package io.smc4j.protocol;

import java.util.Arrays;
import java.util.Optional;

/**
 * Versions of SMC, oldest first. Version 2 has releases: a client names its highest, and the smaller of both ends' holds.
 *
 * <p>They differ in what the handshake tells, in the form of LLC messages, and in what a link group's limits are. Data is the same
 * in all of them. RFC 7609 is version 1.
 */
public enum SmcVersion {
    /** RFC 7609: peers in one IP subnet, RoCE v1 GIDs, LLC messages of 44 bytes. */
    V1("1", 1, 0),
    /** Enterprise ids and RoCE v2 GIDs; no negotiated limits. */
    V2_0("2.0", 2, 0),
    /** As 2.0, with the limits of a link group negotiated, and emulated ISM devices. */
    V2_1("2.1", 2, 1);

    private final String label;
    private final int number;
    private final int release;

    SmcVersion(String label, int number, int release) {
        this.label = label;
        this.number = number;
        this.release = release;
    }

    /** As people write it. */
    public String label() {
        return label;
    }

    /** Version number of CLC and LLC messages: 1 or 2. */
    public int number() {
        return number;
    }

    /** Release of version 2 as messages carry it; 0 in version 1, which has none. */
    public int release() {
        return release;
    }

    /** Version 2 of that release, if we know it. */
    public static Optional<SmcVersion> ofRelease(int release) {
        return Arrays.stream(values())
                .filter(v -> v.number == 2 && v.release == release)
                .findFirst();
    }
}
