package io.smc4j.rdma;

/** A kind of ISM device (SMC-D), found by {@link java.util.ServiceLoader}. Thread-safe. */
public interface IsmProvider {
    /** Short name as used in the configuration ({@code ism}). */
    String name();

    Availability availability(DeviceOptions options);

    IsmDevice open(DeviceOptions options) throws RdmaException;
}
