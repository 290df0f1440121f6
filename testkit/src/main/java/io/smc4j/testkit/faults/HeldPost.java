package io.smc4j.testkit.faults;

import io.smc4j.rdma.SendWorkRequest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A send that waits before the device gets it. What was to be copied while posting is copied now.
 *
 * @param request as it was posted, or with the copy for a payload
 * @param copy keeps the payload's copy alive
 */
record HeldPost(SendWorkRequest request, @Nullable MemorySegment copy) {
    /** @param payload its bytes, if it is known where they are */
    static HeldPost of(SendWorkRequest posted, byte @Nullable [] payload) {
        SendWorkRequest request = new SendWorkRequest();
        if (posted.opcode() == SendWorkRequest.OP_RDMA_WRITE) {
            request.write(posted.workRequestId(), posted.remoteAddress(), posted.remoteKey(), posted.flags());
        } else {
            request.send(posted.workRequestId(), posted.flags());
        }
        if ((posted.flags() & SendWorkRequest.INLINE) != 0 && payload != null) {
            MemorySegment copy = Arena.ofAuto().allocate(Math.max(1, payload.length));
            copy.asByteBuffer().put(payload);
            return new HeldPost(request.gather(copy.address(), payload.length, 0), copy);
        }
        for (int i = 0; i < posted.segments(); i++) {
            request.gather(posted.address(i), posted.length(i), posted.localKey(i));
        }
        return new HeldPost(request, null);
    }
}
