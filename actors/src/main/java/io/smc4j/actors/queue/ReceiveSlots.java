package io.smc4j.actors.queue;

import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.QueuePair;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A link's receive buffers: each is posted again right after its message was taken. Owner's thread. */
final class ReceiveSlots {
    private final OwnedLink link;
    private final ControlSlab slab;
    private final boolean[] posted = new boolean[OwnedLink.RECEIVES];
    private final int[] generation = new int[OwnedLink.RECEIVES];
    private int outstanding;

    ReceiveSlots(OwnedLink link, ControlSlab slab) {
        this.link = link;
        this.slab = slab;
    }

    /** Posts them all, once. @return null, or why that is not possible */
    @Nullable
    String postAll() {
        for (int i = 0; i < posted.length; i++) {
            int result = post(i);
            if (result != QueuePair.OK) {
                return "receive buffer " + i + " could not be posted (" + OwnedLink.describe(result)
                        + ", queue pair in " + link.queuePair().state() + ")";
            }
        }
        return null;
    }

    private int post(int i) {
        generation[i] = (generation[i] + 1) & 0xFFFF;
        posted[i] = true;
        outstanding++;
        int result = link.queuePair()
                .postReceive(
                        WorkRequestId.of(WorkRequestId.RECEIVE, link.index(), link.generation(), generation[i], i),
                        slab.address(ControlSlab.receiveOffset(i)),
                        OwnedLink.LLC_BYTES,
                        slab.localKey());
        if (result != QueuePair.OK) {
            posted[i] = false;
            outstanding--;
        }
        return result;
    }

    /** A receive completed. @return whether it was outstanding; then its buffer is ours until {@link #repost} */
    boolean received(int i, int slotGeneration) {
        if (i >= posted.length || !posted[i] || generation[i] != slotGeneration) {
            return false;
        }
        posted[i] = false;
        outstanding--;
        return true;
    }

    void repost(int i) {
        if (link.isBroken()) {
            return;
        }
        int result = post(i);
        if (result != QueuePair.OK) {
            link.fail(
                    CompletionStatus.GENERAL_ERR,
                    "a receive buffer could not be posted again: " + OwnedLink.describe(result));
        }
    }

    boolean isIdle() {
        return outstanding == 0;
    }

    /** What is outstanding will never complete. */
    void settle() {
        outstanding = 0;
        Arrays.fill(posted, false);
    }
}
