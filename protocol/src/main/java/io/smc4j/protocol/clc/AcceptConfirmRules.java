package io.smc4j.protocol.clc;

import io.smc4j.protocol.Eid;
import io.smc4j.protocol.internal.Checks;
import java.util.Optional;

/** What ACCEPT and CONFIRM have in common: which parts go with which version. */
final class AcceptConfirmRules {
    private AcceptConfirmRules() {}

    static void checkSmcr(
            int version, boolean firstContact, Optional<Eid> eid, Optional<FirstContactExtension> extension) {
        check(version, firstContact, eid.isPresent(), extension);
    }

    static void checkSmcd(
            int version,
            boolean firstContact,
            Optional<SmcdSelection> selection,
            Optional<FirstContactExtension> extension) {
        check(version, firstContact, selection.isPresent(), extension);
        Checks.rule(
                extension.isEmpty()
                        || extension.get().release() > 0
                        || extension.get().hasEmptyContinuation(),
                "an SMC-D first contact extension of release 0 ends before limits, features and vendor options");
    }

    private static void check(
            int version, boolean firstContact, boolean hasV2Part, Optional<FirstContactExtension> extension) {
        Checks.range("CLC version", version, 1, 15);
        Checks.rule(hasV2Part == version >= 2, "the negotiated EID belongs to version 2 and above, and to all of them");
        Checks.rule(
                extension.isPresent() == (version >= 2 && firstContact),
                "the first contact extension belongs to version 2 and above with the first contact flag, and to all of them");
    }
}
