package io.smc4j.protocol.clc;

import java.util.Optional;

/**
 * The client's CONFIRM of SMC-D: here is the DMB to write to.
 *
 * @param version 1, or 2 and above
 * @param firstContact as in the ACCEPT
 * @param endpoint the client's end
 * @param selection version 2: fabric and enterprise id
 * @param extension version 2 and first contact: host facts and, from release 1, features
 */
public record ClcConfirmSmcd(
        int version,
        boolean firstContact,
        SmcdEndpoint endpoint,
        Optional<SmcdSelection> selection,
        Optional<FirstContactExtension> extension)
        implements ClcMessage {

    /** @throws IllegalArgumentException if the parts do not belong to the version */
    public ClcConfirmSmcd {
        AcceptConfirmRules.checkSmcd(version, firstContact, selection, extension);
    }

    @Override
    public ClcType type() {
        return ClcType.CONFIRM;
    }
}
