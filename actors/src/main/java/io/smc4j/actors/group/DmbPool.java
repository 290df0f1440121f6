package io.smc4j.actors.group;

import io.smc4j.actors.node.MemoryBudget;
import io.smc4j.actors.node.SerialExecutor;
import io.smc4j.rdma.Dmb;
import io.smc4j.rdma.IsmDevice;
import io.smc4j.rdma.IsmGid;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RemoteDmb;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The DMBs of one SMC-D link group, own and attached. Confined to a {@link SerialExecutor}, as {@link BufferPool}. A DMB serves
 * one connection and is unregistered after it: a peer that still has it mapped writes into memory that nobody reads.
 */
final class DmbPool {
    private final IsmDevice device;
    private final MemoryBudget budget;
    private final int size;
    private final SerialExecutor serial;
    private final Set<AutoCloseable> all = new HashSet<>();
    private boolean closed;

    DmbPool(IsmDevice device, MemoryBudget budget, int size, Executor blocking) {
        this.device = device;
        this.budget = budget;
        this.size = size;
        this.serial = new SerialExecutor(blocking);
    }

    int size() {
        return size;
    }

    /** A zeroed DMB of this group's size. */
    CompletionStage<Dmb> register(Object cookie) {
        return serial.submit(() -> {
            checkOpen();
            if (!budget.take(size)) {
                throw new RdmaException(
                        RdmaException.Category.OUT_OF_RESOURCES,
                        "no memory for the DMB of another connection: " + budget.used() + " of " + budget.limit()
                                + " bytes are registered; close connections or raise smc4j.link-group.max-memory");
            }
            try {
                Dmb dmb = device.register(size, cookie);
                all.add(dmb);
                return dmb;
            } catch (RdmaException | RuntimeException e) {
                budget.giveBack(size);
                throw e;
            }
        });
    }

    CompletionStage<RemoteDmb> attach(IsmGid peer, long token, int peerSize) {
        return serial.submit(() -> {
            checkOpen();
            RemoteDmb dmb = device.attach(peer, token, peerSize);
            all.add(dmb);
            return dmb;
        });
    }

    /** @param inUse whether it must stay mapped: then it is forgotten, and its memory lost until the process ends */
    void giveBack(Dmb dmb, boolean inUse) {
        letGo(dmb, inUse);
    }

    /** As {@link #giveBack}. */
    void detach(RemoteDmb dmb, boolean inUse) {
        letGo(dmb, inUse);
    }

    private void letGo(AutoCloseable dmb, boolean inUse) {
        serial.submit(() -> {
            if (inUse) {
                all.remove(dmb);
            } else {
                free(dmb);
            }
            return null;
        });
    }

    /** Frees what is left. */
    CompletionStage<Integer> close() {
        return serial.submit(() -> {
            closed = true;
            int left = all.size();
            for (AutoCloseable dmb : Set.copyOf(all)) {
                free(dmb);
            }
            return left;
        });
    }

    private void checkOpen() throws RdmaException {
        if (closed) {
            throw new RdmaException(RdmaException.Category.UNREACHABLE, "the link group has ended");
        }
    }

    private void free(AutoCloseable dmb) throws Exception {
        if (all.remove(dmb)) {
            dmb.close();
            if (dmb instanceof Dmb) {
                budget.giveBack(size);
            }
        }
    }
}
