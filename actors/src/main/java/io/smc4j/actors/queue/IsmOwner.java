package io.smc4j.actors.queue;

import io.smc4j.rdma.IsmDevice;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

public final class IsmOwner {
    /** A running owner: the reference to watch, and the handle to tell. */
    public record Spawned(ActorRef<IsmCommand> ref, IsmHandle handle) {}

    private IsmOwner() {}

    /**
     * Starts an owner as a child.
     *
     * @param dispatcher a pinned dispatcher: {@code smc4j.completion-queue-dispatcher}
     * @param device owned by the actor from now on
     */
    public static Spawned spawn(
            ActorContext<?> parent,
            String name,
            DispatcherSelector dispatcher,
            IsmDevice device,
            OwnerSettings settings,
            IsmListener listener) {
        throw new UnsupportedOperationException("not yet");
    }
}
