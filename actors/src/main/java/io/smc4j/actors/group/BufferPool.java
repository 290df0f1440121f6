package io.smc4j.actors.group;

import io.smc4j.actors.node.MemoryBudget;
import io.smc4j.actors.node.RdmaContext;
import io.smc4j.actors.node.SerialExecutor;
import io.smc4j.rdma.ProtectionDomain;
import io.smc4j.rdma.RdmaException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The buffers of one SMC-R link group, of one size class. Confined to a {@link SerialExecutor}: allocation, return and the final
 * free happen one after the other, so nothing is allocated after the end and nothing is freed twice.
 *
 * <p>A buffer comes back clean (the peer confirmed DELETE RKEY and nobody here touches it: zeroed, then reusable) or it is
 * quarantined: deregistered at once, never used again, freed with the group.
 */
final class BufferPool {
    private static final long ALIGNMENT = 4096;

    /** Where native memory comes from; throws {@link OutOfMemoryError} if there is none. */
    @FunctionalInterface
    interface Allocator {
        MemorySegment allocate(Arena arena, long bytes);
    }

    private final Allocator allocator;
    private final List<RdmaContext> devices;
    private final MemoryBudget budget;
    private final int size;
    private final SerialExecutor serial;
    private final Set<RmbBuffer> all = new HashSet<>();
    private final Deque<RmbBuffer> free = new ArrayDeque<>();
    private long lastId;
    private boolean closed;

    BufferPool(List<RdmaContext> devices, MemoryBudget budget, int size, Executor blocking) {
        this(devices, budget, size, blocking, (arena, bytes) -> arena.allocate(bytes, ALIGNMENT));
    }

    BufferPool(List<RdmaContext> devices, MemoryBudget budget, int size, Executor blocking, Allocator allocator) {
        this.allocator = allocator;
        this.devices = devices;
        this.budget = budget;
        this.size = size;
        this.serial = new SerialExecutor(blocking);
    }

    /** A zeroed buffer registered everywhere. Fails with {@link RdmaException} if memory or registrations run out. */
    CompletionStage<RmbBuffer> claim() {
        return serial.submit(() -> {
            if (closed) {
                throw new RdmaException(RdmaException.Category.UNREACHABLE, "the link group has ended");
            }
            RmbBuffer reused = free.poll();
            return reused != null ? reused : allocate();
        });
    }

    /** The lease is over and nobody can touch the buffer any more. */
    void giveBack(RmbBuffer buffer) {
        serial.submit(() -> {
            if (!closed) {
                buffer.zero(); // before it can be claimed
                free.push(buffer);
            }
            return null;
        });
    }

    /** The lease is over, but somebody might still touch the buffer. */
    void quarantine(RmbBuffer buffer) {
        serial.submit(() -> {
            if (!closed) {
                buffer.deregister();
            }
            return null;
        });
    }

    /** Frees everything; with {@code keepMemory} it only deregisters, and the memory stays until the process ends. */
    CompletionStage<Integer> close(boolean keepMemory) {
        return serial.submit(() -> {
            closed = true;
            free.clear();
            for (RmbBuffer buffer : all) {
                if (keepMemory) {
                    buffer.deregister();
                } else {
                    buffer.free();
                    budget.giveBack(bytes());
                }
            }
            int freed = all.size();
            all.clear();
            return freed;
        });
    }

    private long bytes() {
        return 2L * size;
    }

    @SuppressWarnings("MustBeClosedChecker") // the buffer owns the arena and closes it in free()
    private RmbBuffer allocate() throws RdmaException {
        if (!budget.take(bytes())) {
            throw new RdmaException(
                    RdmaException.Category.OUT_OF_RESOURCES,
                    "no memory for the buffers of another connection: " + budget.used() + " of " + budget.limit()
                            + " bytes are registered; close connections or raise smc4j.link-group.max-memory");
        }
        RmbBuffer buffer;
        Arena arena = Arena.ofShared();
        try {
            buffer = new RmbBuffer(
                    ++lastId, size, arena, allocator.allocate(arena, size), allocator.allocate(arena, size));
        } catch (OutOfMemoryError e) {
            arena.close();
            budget.giveBack(bytes());
            throw new RdmaException(
                    RdmaException.Category.OUT_OF_RESOURCES,
                    "the operating system has no memory for the buffers of another connection: " + e.getMessage());
        }
        try {
            for (RdmaContext context : devices) {
                ProtectionDomain domain = context.device().protectionDomain();
                buffer.rmbRegistered(domain, domain.register(buffer.rmb(), true));
                buffer.sendBufferRegistered(
                        domain, domain.register(buffer.sendBuffer().memory(), false));
            }
        } catch (RdmaException | RuntimeException e) {
            buffer.free();
            budget.giveBack(bytes());
            throw e;
        }
        all.add(buffer);
        return buffer;
    }
}
