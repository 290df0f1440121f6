package io.smc4j.rdma.ibverbs;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.smc4j.rdma.MemoryRegion;
import io.smc4j.rdma.RdmaException;
import java.lang.foreign.MemorySegment;

/** An {@code ibv_mr}. Keeps the memory reachable as long as the adapter may access it. */
final class IbMemoryRegion implements MemoryRegion, IbDevice.Dependent {
    private final IbProtectionDomain domain;
    private final MemorySegment memory;
    private final long mr;
    private final int localKey;
    private final int remoteKey;
    private boolean open = true;

    private IbMemoryRegion(IbProtectionDomain domain, MemorySegment memory, long mr, MemorySegment struct) {
        this.domain = domain;
        this.memory = memory;
        this.mr = mr;
        localKey = struct.get(JAVA_INT, Abi.MR_LKEY);
        remoteKey = struct.get(JAVA_INT, Abi.MR_RKEY);
    }

    static IbMemoryRegion register(IbProtectionDomain domain, MemorySegment memory, boolean remoteWrite)
            throws RdmaException {
        IbDevice device = domain.device();
        int access = Abi.ACCESS_LOCAL_WRITE | (remoteWrite ? Abi.ACCESS_REMOTE_WRITE : 0);
        if (memory.isReadOnly()) {
            access = 0;
        }
        long mr = device.verbs().registerMemory(domain.address(), memory.address(), memory.byteSize(), access);
        if (mr < 0) {
            throw Errors.of("ibv_reg_mr(" + domain + ", " + memory.byteSize() + " bytes)", mr);
        }
        MemorySegment struct = device.verbs().at(mr, Abi.MR_BYTES);
        if (struct.get(JAVA_LONG, Abi.MR_CONTEXT) != device.context()
                || struct.get(JAVA_LONG, Abi.MR_ADDR) != memory.address()
                || struct.get(JAVA_LONG, Abi.MR_LENGTH) != memory.byteSize()) {
            device.verbs().deregisterMemory(mr);
            throw IbDevice.layout("struct ibv_mr");
        }
        IbMemoryRegion region = new IbMemoryRegion(domain, memory, mr, struct);
        device.opened(region);
        return region;
    }

    @Override
    public boolean dependsOn(Object other) {
        return other == domain;
    }

    @Override
    public long address() {
        return memory.address();
    }

    @Override
    public long length() {
        return memory.byteSize();
    }

    @Override
    public int localKey() {
        return localKey;
    }

    @Override
    public int remoteKey() {
        return remoteKey;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (!open) {
                return;
            }
            open = false;
        }
        int error = domain.device().verbs().deregisterMemory(mr);
        domain.device().closing(this);
        if (error != 0) {
            // The adapter may still write there: the owner of the memory must not use it for anything else.
            throw new IllegalStateException(
                    Errors.of("ibv_dereg_mr(" + this + ")", error).getMessage());
        }
    }

    @Override
    public String toString() {
        return "memory region 0x%08x (%d bytes at 0x%x)".formatted(remoteKey, memory.byteSize(), memory.address());
    }
}
