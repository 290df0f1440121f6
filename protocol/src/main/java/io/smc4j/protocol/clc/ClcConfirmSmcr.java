package io.smc4j.protocol.clc;

import io.smc4j.protocol.Eid;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.internal.Checks;
import java.util.List;
import java.util.Optional;

/**
 * The client's CONFIRM of SMC-R: its queue pair and RMB, and on first contact of version 2 every GID that it could use.
 *
 * @param version 1, or 2 and above
 * @param firstContact as in the ACCEPT
 * @param endpoint the client's end
 * @param eid version 2: the common enterprise id
 * @param extension version 2 and first contact: host facts and limits
 * @param gids version 2 and first contact: the GID in use, then alternates; at most 255, Linux sends one or two
 */
public record ClcConfirmSmcr(
        int version,
        boolean firstContact,
        SmcrEndpoint endpoint,
        Optional<Eid> eid,
        Optional<FirstContactExtension> extension,
        List<Gid> gids)
        implements ClcMessage {

    /** @throws IllegalArgumentException if the parts do not belong to the version */
    public ClcConfirmSmcr {
        AcceptConfirmRules.checkSmcr(version, firstContact, eid, extension);
        gids = List.copyOf(gids);
        Checks.range("number of GIDs", gids.size(), 0, extension.isPresent() ? 255 : 0);
    }

    @Override
    public ClcType type() {
        return ClcType.CONFIRM;
    }
}
