package io.smc4j.protocol.clc;

import io.smc4j.protocol.Eid;
import io.smc4j.protocol.internal.Checks;

/**
 * What version 2 adds to an SMC-D ACCEPT or CONFIRM: the fabric and name on which both ends agreed.
 *
 * @param chid ISM fabric of the selected device, 16 bits
 * @param eid the common enterprise id
 * @param ismGidExtension second half of the GID of an emulated ISM device, otherwise 0
 */
public record SmcdSelection(int chid, Eid eid, long ismGidExtension) {
    /** @throws IllegalArgumentException if the CHID needs more than 16 bits */
    public SmcdSelection {
        Checks.u16("CHID", chid);
    }
}
