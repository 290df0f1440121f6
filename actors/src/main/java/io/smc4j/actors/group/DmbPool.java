package io.smc4j.actors.group;

import io.smc4j.actors.node.MemoryBudget;
import io.smc4j.actors.node.SerialExecutor;
import io.smc4j.protocol.cdc.SmcdControlArea;
import io.smc4j.rdma.Dmb;
import io.smc4j.rdma.IsmDevice;
import io.smc4j.rdma.IsmGid;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RemoteDmb;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The DMBs of one SMC-D link group, own and attached. To make one and map it takes many times longer than everything else about a
 * connection, so some stay after theirs, as in Linux: mapped on both sides, free for the group's next connections.
 *
 * <p>An own DMB is used again only after the peer said that it will not write there any more ({@link Dmb#renew}); until then, or
 * if it never does, it waits among the others.
 *
 * <p>What waits for the next connection belongs to the group's turn; calls that may sleep are confined to a {@link SerialExecutor},
 * as in {@link BufferPool}. {@link #close} may be called elsewhere once the group has stopped.
 */
final class DmbPool {
    private static final int MOST_IDLE = 16;
    private static final int MOST_IDLE_BYTES = 4 << 20;

    private final IsmDevice device;
    private final MemoryBudget budget;
    private final int size;
    private final int mostIdle;
    private final SerialExecutor serial;
    private final List<Dmb> idle = new ArrayList<>();
    private final Map<Long, RemoteDmb> kept = new HashMap<>();
    private final Set<AutoCloseable> all = new HashSet<>();
    private boolean closed;

    DmbPool(IsmDevice device, MemoryBudget budget, int size, Executor blocking) {
        this.device = device;
        this.budget = budget;
        this.size = size;
        this.mostIdle = Math.clamp(MOST_IDLE_BYTES / size, 1, MOST_IDLE);
        this.serial = new SerialExecutor(blocking);
    }

    int size() {
        return size;
    }

    /** A DMB of an earlier connection whose control area is zeroed again, or null: then {@link #register} one. */
    @Nullable
    Dmb renew(Object cookie) {
        for (Iterator<Dmb> i = idle.iterator(); i.hasNext(); ) {
            Dmb dmb = i.next();
            if (dmb.renew(cookie, SmcdControlArea.LENGTH)) {
                i.remove();
                return dmb;
            }
            if (dmb.isSpent()) {
                i.remove();
                letGo(dmb, false);
            }
        }
        return null;
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

    /** The peer's DMB, kept mapped since an earlier connection, or null: then {@link #attach} to it. */
    @Nullable
    RemoteDmb renewed(long token, int peerSize) {
        RemoteDmb dmb = kept.remove(token);
        if (dmb == null) {
            return null;
        }
        if (dmb.memory().byteSize() == peerSize && dmb.renew()) {
            return dmb;
        }
        letGo(dmb, false);
        return null;
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
        if (!inUse && idle.size() < mostIdle && !dmb.isSpent()) {
            idle.add(dmb);
        } else {
            letGo(dmb, inUse);
        }
    }

    /** As {@link #giveBack}. */
    void detach(RemoteDmb dmb, long token, boolean inUse) {
        if (kept.size() >= mostIdle) {
            kept.values().removeIf(this::letGoOfWithdrawn);
        }
        if (!inUse && kept.size() < mostIdle && dmb.keep()) {
            RemoteDmb before = kept.put(token, dmb);
            if (before != null) {
                letGo(before, false);
            }
        } else {
            letGo(dmb, inUse);
        }
    }

    private boolean letGoOfWithdrawn(RemoteDmb dmb) {
        if (!dmb.isWithdrawn()) {
            return false;
        }
        letGo(dmb, false);
        return true;
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

    /** Frees what is left, in use or not. */
    CompletionStage<?> close() {
        idle.clear();
        kept.clear();
        return serial.submit(() -> {
            closed = true;
            for (AutoCloseable dmb : Set.copyOf(all)) {
                free(dmb);
            }
            return null;
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
