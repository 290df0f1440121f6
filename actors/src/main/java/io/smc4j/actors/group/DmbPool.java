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
 * if it never does, it waits among the others. None stays that something on this side may still touch, none while half of the
 * node's memory is in use, and those that stayed go before another is refused for want of memory.
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
                free(dmb);
            }
        }
        return null;
    }

    /** A zeroed DMB of this group's size. */
    CompletionStage<Dmb> register(Object cookie) {
        if (budget.limit() - budget.used() < size) {
            idle.forEach(this::free);
            idle.clear();
        }
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
        free(dmb);
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

    /** For the next connection: nobody on this side touches it any more. */
    void giveBack(Dmb dmb) {
        if (idle.size() < mostIdle && budget.used() <= budget.limit() / 2 && !dmb.isSpent()) {
            idle.add(dmb);
        } else {
            free(dmb);
        }
    }

    /** As {@link #giveBack(Dmb)}. */
    void giveBack(RemoteDmb dmb, long token) {
        if (kept.size() >= mostIdle) {
            kept.values().removeIf(this::freeIfWithdrawn);
        }
        if (kept.size() >= mostIdle || kept.containsKey(token) || !dmb.keep()) {
            free(dmb);
        } else {
            kept.put(token, dmb);
        }
    }

    private boolean freeIfWithdrawn(RemoteDmb dmb) {
        boolean withdrawn = dmb.isWithdrawn();
        if (withdrawn) {
            free(dmb);
        }
        return withdrawn;
    }

    /** Unmaps it: whoever still touches it gets an exception. */
    void free(AutoCloseable dmb) {
        serial.submit(() -> {
            close(dmb);
            return null;
        });
    }

    /** It must stay mapped: its memory is lost until the process ends. */
    void forget(AutoCloseable dmb) {
        serial.submit(() -> all.remove(dmb));
    }

    /** Frees what is left, in use or not. */
    CompletionStage<?> close() {
        idle.clear();
        kept.clear();
        return serial.submit(() -> {
            closed = true;
            for (AutoCloseable dmb : Set.copyOf(all)) {
                close(dmb);
            }
            return null;
        });
    }

    private void checkOpen() throws RdmaException {
        if (closed) {
            throw new RdmaException(RdmaException.Category.UNREACHABLE, "the link group has ended");
        }
    }

    private void close(AutoCloseable dmb) throws Exception {
        if (all.remove(dmb)) {
            dmb.close();
            if (dmb instanceof Dmb) {
                budget.giveBack(size);
            }
        }
    }
}
