package io.smc4j.rdma;

import java.nio.file.Path;

/**
 * What opening a device needs to know.
 *
 * @param sharedMemory directory on a memory file system in which software devices keep their files, usually {@code /dev/shm};
 *     processes that are to reach each other must name the same one
 * @param ports number of ports a software device shows, 1..8; ignored by hardware
 */
public record DeviceOptions(Path sharedMemory, int ports) {
    public DeviceOptions {
        if (ports < 1 || ports > 8) {
            throw new IllegalArgumentException("a device has 1 to 8 ports, not " + ports);
        }
    }

    /** Shared memory in {@code /dev/shm}, two ports (so that a link group can have two links). */
    public static DeviceOptions defaults() {
        return new DeviceOptions(Path.of("/dev/shm"), 2);
    }
}
