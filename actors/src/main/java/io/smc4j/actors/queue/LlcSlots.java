package io.smc4j.actors.queue;

import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.QueuePair;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A link's slots for LLC messages: its own, so that control traffic never waits behind data. Owner's thread. */
final class LlcSlots {
    private final OwnedLink link;
    private final ControlSlab slab;
    private final Command.@Nullable SendLlc[] taken = new Command.SendLlc[OwnedLink.LLC_SLOTS];
    private final int[] generation = new int[OwnedLink.LLC_SLOTS];
    private final ArrayDeque<Command.SendLlc> waiting = new ArrayDeque<>();

    LlcSlots(OwnedLink link, ControlSlab slab) {
        this.link = link;
        this.slab = slab;
    }

    void send(Command.SendLlc message) {
        if (!link.becomesReadyNow()
                || message.message().length > OwnedLink.LLC_BYTES
                || waiting.size() >= OwnedLink.LLC_QUEUE) {
            refuse(message);
            return;
        }
        waiting.add(message);
        serve();
    }

    private void serve() {
        for (int i = 0; i < taken.length && !waiting.isEmpty(); i++) {
            if (taken[i] == null && link.sendable()) {
                post(i, waiting.remove());
            }
        }
    }

    private void post(int i, Command.SendLlc message) {
        byte[] bytes = message.message();
        long offset = ControlSlab.llcOffset(i);
        MemorySegment.copy(bytes, 0, slab.memory(), ValueLayout.JAVA_BYTE, offset, bytes.length);
        taken[i] = message;
        long id = WorkRequestId.of(WorkRequestId.LLC, link.index(), link.generation(), generation[i], i);
        int result = link.postMessage(id, offset, bytes.length);
        if (result == QueuePair.OK) {
            link.counters().increment(QueueCounters.Counter.LLC_SENT);
            return;
        }
        taken[i] = null;
        refuse(message);
        link.fail(CompletionStatus.GENERAL_ERR, "an LLC message could not be posted: " + OwnedLink.describe(result));
    }

    /** A message was sent, or will never be. @return false if the completion is stale */
    boolean completed(int i, int slotGeneration, boolean success) {
        if (i >= taken.length || generation[i] != slotGeneration) {
            return false;
        }
        Command.SendLlc message = taken[i];
        if (message == null) {
            return false;
        }
        release(i);
        message.replyTo().tell(new Reply.LlcSent(link, success));
        serve();
        return true;
    }

    private void release(int i) {
        taken[i] = null;
        generation[i] = generation[i] + 1 & 0xFFFF;
    }

    void refuseWaiting() {
        while (!waiting.isEmpty()) {
            refuse(waiting.remove());
        }
    }

    void refuse(Command.SendLlc message) {
        message.replyTo().tell(new Reply.LlcSent(link, false));
    }

    boolean isIdle() {
        for (Command.SendLlc message : taken) {
            if (message != null) {
                return false;
            }
        }
        return true;
    }

    /** What is outstanding will never complete. */
    void settle() {
        for (int i = 0; i < taken.length; i++) {
            Command.SendLlc message = taken[i];
            if (message != null) {
                release(i);
                refuse(message);
            }
        }
    }
}
