package io.smc4j.rdma.disni;

import io.smc4j.rdma.DeviceOptions;
import io.smc4j.rdma.RdmaDevice;
import io.smc4j.rdma.RdmaDeviceContract;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Needs an installed {@code libdisni} and an adapter: {@code -Dsmc4j.test.disni=rxe0}. */
@EnabledIfSystemProperty(
        named = "smc4j.test.disni",
        matches = ".+",
        disabledReason = "no libdisni and adapter to test with: name the adapter with -Dsmc4j.test.disni=NAME")
class DisniDeviceTest extends RdmaDeviceContract {
    @Override
    protected RdmaDevice openDevice() throws Exception {
        return new DisniProvider().open(System.getProperty("smc4j.test.disni"), DeviceOptions.defaults());
    }

    @Override
    protected int otherPort() {
        return 1;
    }

    @Override
    protected boolean findsPeersAtRtr() {
        return false;
    }

    @Override
    protected boolean isExactAboutErrors() {
        return false;
    }

    @Override
    protected boolean executesWhilePolled() {
        return false;
    }

    @Override
    protected boolean choosesRetries() {
        return false;
    }

    @Override
    protected boolean knowsItsStateAtOnce() {
        return false;
    }

    @Override
    protected int slowness() {
        return 100;
    }
}
