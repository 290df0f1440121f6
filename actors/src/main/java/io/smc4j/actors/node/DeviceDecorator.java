package io.smc4j.actors.node;

import io.smc4j.rdma.IsmDevice;
import io.smc4j.rdma.RdmaDevice;

/**
 * Wraps devices as they are opened, before anything is made from them: the seam for fault injection and for ledgers. Called on
 * blocking threads; what it returns must keep the contract of what it was given, thread rules included, and must be a {@link
 * io.smc4j.rdma.PortControl} if that was one.
 */
public interface DeviceDecorator {
    /** Leaves every device as it is. */
    DeviceDecorator NONE = new DeviceDecorator() {};

    default RdmaDevice decorate(RdmaDevice device) {
        return device;
    }

    default IsmDevice decorate(IsmDevice device) {
        return device;
    }
}
