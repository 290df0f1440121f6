package io.smc4j.actors.datapath;

import org.jspecify.annotations.Nullable;

/**
 * The cookie under which a DMB is registered: leads its doorbells to the endpoint that uses the DMB now. Made before
 * registration, kept as long as the DMB. Changed and read by the ISM device's owner alone, so that looking up and ringing is
 * one step.
 */
public final class SmcdDoorbell {
    private @Nullable SmcdEndpoint endpoint;

    /** Leads doorbells to an endpoint, or nowhere. Owner thread. */
    public void lead(@Nullable SmcdEndpoint to) {
        endpoint = to;
    }

    @Nullable
    public SmcdEndpoint endpoint() {
        return endpoint;
    }
}
