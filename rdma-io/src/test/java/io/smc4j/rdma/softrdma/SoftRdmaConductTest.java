package io.smc4j.rdma.softrdma;

import io.smc4j.rdma.DeviceOptions;
import io.smc4j.rdma.MemoryTempDir;
import io.smc4j.rdma.RdmaConductContract;
import io.smc4j.rdma.RdmaDevice;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SoftRdmaConductTest extends RdmaConductContract {
    @TempDir(factory = MemoryTempDir.class)
    Path shared;

    @Override
    protected RdmaDevice openDevice() throws Exception {
        return new SoftRdmaProvider().open("soft0", new DeviceOptions(shared, 2));
    }
}
