package io.smc4j.rdma.ism;

import io.smc4j.rdma.Availability;
import io.smc4j.rdma.DeviceOptions;
import io.smc4j.rdma.IsmDevice;
import io.smc4j.rdma.IsmProvider;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.shm.SharedDirectory;
import io.smc4j.rdma.shm.SharedMemory;
import io.smc4j.rdma.shm.SharedNode;

/**
 * SMC-D without hardware: emulated ISM devices between processes of one user on one Linux host. Every {@link #open} makes a new
 * device. Found by {@link java.util.ServiceLoader}. Thread-safe.
 */
public final class IsmSharedMemoryProvider implements IsmProvider {
    @Override
    public String name() {
        return "ism";
    }

    @Override
    public Availability availability(DeviceOptions options) {
        return SharedMemory.availability(options.sharedMemory());
    }

    @Override
    public IsmDevice open(DeviceOptions options) throws RdmaException {
        SharedNode node = SharedNode.open(SharedDirectory.open(options.sharedMemory()), SignalBoard.BYTES);
        IsmDevice device = null;
        try {
            device = new SharedMemoryIsmDevice(node, Fabric.idOf(node.directory()), System::nanoTime);
            return device;
        } finally {
            if (device == null) {
                node.close();
            }
        }
    }
}
