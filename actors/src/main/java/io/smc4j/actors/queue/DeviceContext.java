package io.smc4j.actors.queue;

import io.smc4j.rdma.CompletionQueue;
import io.smc4j.rdma.ProtectionDomain;
import io.smc4j.rdma.RdmaDevice;
import io.smc4j.rdma.RdmaException;

/**
 * What belongs to one opened device and is shared by all links on it: owned by its {@link CompletionQueueOwner}, which closes it
 * (the device included) when it stops. Link groups register memory and create queue pairs with it, on blocking threads.
 */
public record DeviceContext(RdmaDevice device, ProtectionDomain protectionDomain, CompletionQueue completionQueue) {
    /**
     * Allocates protection domain and completion queue. May take milliseconds: on a blocking thread. Closes the device if it fails.
     *
     * @param completions entries of the completion queue; each link needs up to {@link OwnedLink#COMPLETIONS}
     */
    public static DeviceContext open(RdmaDevice device, int completions) throws RdmaException {
        ProtectionDomain domain = null;
        try {
            domain = device.allocateProtectionDomain();
            return new DeviceContext(device, domain, device.createCompletionQueue(completions));
        } catch (RdmaException e) {
            if (domain != null) {
                domain.close();
            }
            device.close();
            throw e;
        }
    }
}
