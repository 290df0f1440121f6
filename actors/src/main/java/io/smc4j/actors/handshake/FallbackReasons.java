package io.smc4j.actors.handshake;

import io.smc4j.FallbackReason;
import io.smc4j.protocol.clc.ClcDecline;
import io.smc4j.protocol.clc.DiagnosisCode;
import java.util.OptionalInt;

/** Fallback reasons as users see them. */
final class FallbackReasons {
    private FallbackReasons() {}

    static FallbackReason of(DiagnosisCode code, String detail) {
        return new FallbackReason(code.code(), code.name(), detail, OptionalInt.empty());
    }

    static FallbackReason declined(ClcDecline decline) {
        String why = decline.knownDiagnosis()
                .map(code -> code.name() + ", " + code.meaning())
                .orElse("an unknown code");
        return new FallbackReason(
                DiagnosisCode.PEERDECL.code(),
                DiagnosisCode.PEERDECL.name(),
                "the peer declined SMC: " + why,
                OptionalInt.of(decline.diagnosis()));
    }
}
