package io.smc4j.rdma.ibverbs;

import io.smc4j.rdma.RdmaConductContract;
import io.smc4j.rdma.RdmaDevice;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@EnabledIfSystemProperty(named = AdapterUnderTest.PROPERTY, matches = ".+", disabledReason = AdapterUnderTest.WHY)
class IbVerbsConductTest extends RdmaConductContract {
    @Override
    protected RdmaDevice openDevice() throws Exception {
        return AdapterUnderTest.open();
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
    protected int slowness() {
        return AdapterUnderTest.SLOWNESS;
    }
}
