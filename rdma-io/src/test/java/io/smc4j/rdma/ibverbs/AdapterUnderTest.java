package io.smc4j.rdma.ibverbs;

import io.smc4j.rdma.DeviceOptions;
import io.smc4j.rdma.RdmaDevice;

/** The RDMA adapter that the tests which need one may use, for example {@code -Dsmc4j.test.ibverbs=rxe0}. */
final class AdapterUnderTest {
    static final String PROPERTY = "smc4j.test.ibverbs";
    static final String WHY = "no RDMA adapter to test with: name one with -Dsmc4j.test.ibverbs=NAME";

    /** Software RoCE in an emulated machine is what these tests usually run on. */
    static final int SLOWNESS = 100;

    private AdapterUnderTest() {}

    static RdmaDevice open() throws Exception {
        return new IbVerbsProvider().open(System.getProperty(PROPERTY), DeviceOptions.defaults());
    }
}
