package io.smc4j.protocol.clc;

import io.smc4j.protocol.Eid;
import java.util.Optional;

/**
 * The server's ACCEPT of SMC-R: the transport is chosen, here are queue pair and RMB.
 *
 * @param version 1, or 2 and above
 * @param firstContact whether the handshake makes a new link group
 * @param endpoint the server's end
 * @param eid version 2: the common enterprise id
 * @param extension version 2 and first contact: host facts and limits
 */
public record ClcAcceptSmcr(
        int version,
        boolean firstContact,
        SmcrEndpoint endpoint,
        Optional<Eid> eid,
        Optional<FirstContactExtension> extension)
        implements ClcMessage {

    /** @throws IllegalArgumentException if the parts do not belong to the version */
    public ClcAcceptSmcr {
        AcceptConfirmRules.checkSmcr(version, firstContact, eid, extension);
    }

    @Override
    public ClcType type() {
        return ClcType.ACCEPT;
    }
}
