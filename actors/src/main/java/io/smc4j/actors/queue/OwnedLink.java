package io.smc4j.actors.queue;

import io.smc4j.rdma.ProtectionDomain;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.QueuePairCapacity;
import io.smc4j.rdma.RdmaException;

public final class OwnedLink implements io.smc4j.actors.datapath.DataLink {
    public QueuePair queuePair() {
        throw new UnsupportedOperationException("not yet");
    }

    public int number() {
        return 0;
    }

    public int incarnation() {
        return 0;
    }
    /** The owner it was attached to. */
    public CompletionQueueHandle owner() {
        throw new UnsupportedOperationException("not yet");
    }
    /** Deregisters and frees the control buffers; after LinkDetached. Blocking thread. */
    public void free() {}

    public static final int LLC_BYTES = 8192;
    public static final int LLC_QUEUE = 64;
    public static final int COMPLETIONS = 96;
    public static final QueuePairCapacity CAPACITY = new QueuePairCapacity(48, 48, 2);

    /**
     * Allocates and registers the link's control buffers. May take milliseconds: on a blocking thread.
     *
     * @param incarnation of the link, for messages and logs
     * @param routes of the link group, shared by all its links
     */
    public static OwnedLink prepare(
            ProtectionDomain domain,
            QueuePair queuePair,
            int maxInline,
            int linkNumber,
            int incarnation,
            LinkRoutes routes,
            LinkListener listener)
            throws RdmaException {
        throw new UnsupportedOperationException("not yet");
    }

    @Override
    public ProtectionDomain protectionDomain() {
        throw new UnsupportedOperationException("not yet");
    }

    @Override
    public boolean sendable() {
        return false;
    }

    @Override
    public io.smc4j.actors.datapath.@org.jspecify.annotations.Nullable CdcSlot takeSlot() {
        return null;
    }

    @Override
    public void returnSlot(io.smc4j.actors.datapath.CdcSlot slot) {}

    @Override
    public void queueForSlot(io.smc4j.actors.datapath.SmcrEndpoint endpoint) {}

    @Override
    public io.smc4j.rdma.SendWorkRequest request() {
        throw new UnsupportedOperationException("not yet");
    }

    @Override
    public int maxInline() {
        return 0;
    }

    @Override
    public int postWrite(io.smc4j.actors.datapath.CdcSlot slot) {
        return 0;
    }

    @Override
    public int postCdc(io.smc4j.actors.datapath.CdcSlot slot) {
        return 0;
    }

    @Override
    public void postFailed(io.smc4j.actors.datapath.CdcSlot slot, int result, String what) {}
}
