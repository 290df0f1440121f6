package io.smc4j.rdma.softrdma;

import io.smc4j.rdma.DeviceOptions;
import io.smc4j.rdma.MemoryTempDir;
import io.smc4j.rdma.RdmaDevice;
import io.smc4j.rdma.RdmaDeviceContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SoftRdmaDeviceTest extends RdmaDeviceContract {
    @TempDir(factory = MemoryTempDir.class)
    Path shared;

    @Override
    protected RdmaDevice openDevice() throws Exception {
        return new SoftRdmaProvider().open("soft0", new DeviceOptions(shared, 2));
    }
}
