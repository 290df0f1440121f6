package io.smc4j.rdma.softrdma;

import io.smc4j.rdma.Availability;
import io.smc4j.rdma.DeviceOptions;
import io.smc4j.rdma.RdmaDevice;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaProvider;
import io.smc4j.rdma.shm.SharedMemory;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Provider of {@code softrdma} devices: RC queue pairs in software over shared memory, on any Linux host.
 *
 * <p>Any name {@code soft<number>} opens; each opened device is a node of its own, with its own GIDs, however often the same
 * name is opened. Devices reach each other if they name the same shared-memory directory and belong to the same user.
 */
public final class SoftRdmaProvider implements RdmaProvider {
    private static final Pattern DEVICE_NAME = Pattern.compile("soft[0-9]{1,4}");

    @Override
    public String name() {
        return "softrdma";
    }

    @Override
    public Availability availability(DeviceOptions options) {
        return SharedMemory.availability(options.sharedMemory());
    }

    @Override
    public List<String> deviceNames(DeviceOptions options) {
        return availability(options) instanceof Availability.Available ? List.of("soft0") : List.of();
    }

    @Override
    public RdmaDevice open(String deviceName, DeviceOptions options) throws RdmaException {
        if (!DEVICE_NAME.matcher(deviceName).matches()) {
            throw new RdmaException(
                    RdmaException.Category.MISUSE,
                    "there is no softrdma device '%s': names are soft0, soft1, ...".formatted(deviceName));
        }
        return SoftRdmaDevice.open(deviceName, options, System::nanoTime);
    }
}
