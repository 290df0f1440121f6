package io.smc4j.actors.datapath;

import io.smc4j.rdma.ProtectionDomain;
import io.smc4j.rdma.SendWorkRequest;
import org.jspecify.annotations.Nullable;

/**
 * What an SMC-R endpoint needs of the link it sends over. Implemented by {@code io.smc4j.actors.queue.OwnedLink}; all methods
 * but {@link #number} and {@link #protectionDomain} on the owning completion queue's thread only.
 */
public interface DataLink {
    /** Link number, 1..255. */
    int number();

    /** Domain in which local keys for this link are registered. */
    ProtectionDomain protectionDomain();

    /** Whether requests may be posted now: the queue pair is in RTS, and neither failed nor being detached. */
    boolean sendable();

    /** Takes one of the link's control slots for data; with it comes room for two writes and a CDC. @return null if none is free */
    @Nullable
    CdcSlot takeSlot();

    /** Gives back a slot for which nothing was posted. */
    void returnSlot(CdcSlot slot);

    /** Asks that {@link SmcrEndpoint#push} is called when a slot is free again; first come, first served. */
    void queueForSlot(SmcrEndpoint endpoint);

    /** Begins an RDMA write that belongs to a slot. @return the link's one work request, to be given its segments */
    SendWorkRequest startWrite(CdcSlot slot, long remoteAddress, int remoteKey, int length);

    /** Posts the write begun. @return as {@link io.smc4j.rdma.QueuePair#postSend} */
    int postWrite(int length);

    /** Posts the slot's CDC message, signaled and solicited. @return as {@link io.smc4j.rdma.QueuePair#postSend} */
    int postCdc(CdcSlot slot);

    /**
     * A post failed, which only a broken link explains: there was room for it.
     *
     * @param kept slot for which writes are left without a CDC behind them: it stays taken until the link is flushed; or null
     * @param result of the post
     */
    void postFailed(@Nullable CdcSlot kept, int result, String what);
}
