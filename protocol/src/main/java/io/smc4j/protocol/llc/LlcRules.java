package io.smc4j.protocol.llc;

import io.smc4j.protocol.internal.Checks;

/** Checks that the records share. */
final class LlcRules {
    private LlcRules() {}

    static void version(LlcType type, int version) {
        Checks.rule(type.existsIn(version), type + " does not exist in LLC version " + version);
    }
}
