package io.smc4j.rdma;

import java.util.List;

/**
 * A kind of RDMA device, found by {@link java.util.ServiceLoader}.
 *
 * <p>Thread-safe; opening nothing and touching nothing until {@link #open} is called.
 */
public interface RdmaProvider {
    /** Short name as used in the configuration ({@code softrdma}, {@code ibverbs}, {@code disni}). */
    String name();

    /** Whether devices of this kind can be opened here. */
    Availability availability(DeviceOptions options);

    /** Names of the devices that {@link #open} would accept; empty if there are none. */
    List<String> deviceNames(DeviceOptions options);

    /**
     * Opens a device.
     *
     * @throws RdmaException if there is no such device, or it cannot be opened
     */
    RdmaDevice open(String deviceName, DeviceOptions options) throws RdmaException;
}
