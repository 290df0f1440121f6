package io.smc4j.actors.handshake;

import io.smc4j.protocol.clc.DiagnosisCode;
import io.smc4j.protocol.clc.FirstContactExtension;
import java.util.Optional;

/** Why a server cannot serve a connection over SMC that it had offered a place to. */
record Trouble(DiagnosisCode reason, String detail) {
    /**
     * CONFIRM of first contact must repeat what ACCEPT said, or each end would go by other limits.
     *
     * @param own what ACCEPT said
     * @param theirs what CONFIRM says
     */
    static Optional<Trouble> difference(FirstContactExtension own, Optional<FirstContactExtension> theirs) {
        int release = theirs.map(FirstContactExtension::release).orElse(0);
        if (release != own.release()) {
            return Optional.of(of(DiagnosisCode.RELEASEERR, "release", release, own.release()));
        }
        return theirs.filter(extension -> extension.release() > 0).flatMap(extension -> limits(own, extension));
    }

    private static Optional<Trouble> limits(FirstContactExtension own, FirstContactExtension theirs) {
        if (theirs.maxConnections() != own.maxConnections()) {
            return Optional.of(of(
                    DiagnosisCode.MAXCONNERR,
                    "connections per link group",
                    theirs.maxConnections(),
                    own.maxConnections()));
        }
        return theirs.maxLinks() == own.maxLinks()
                ? Optional.empty()
                : Optional.of(of(DiagnosisCode.MAXLINKERR, "links per link group", theirs.maxLinks(), own.maxLinks()));
    }

    private static Trouble of(DiagnosisCode reason, String what, int theirs, int own) {
        return new Trouble(reason, "the client's CONFIRM says " + theirs + " for " + what + ", ACCEPT said " + own);
    }
}
