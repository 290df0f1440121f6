package io.smc4j.actors.queue;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

public final class CompletionQueueOwner {
    /** A running owner: the reference to watch, and the handle to tell. */
    public record Spawned(ActorRef<Command> ref, CompletionQueueHandle handle) {}

    private CompletionQueueOwner() {}

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
            DeviceContext device,
            OwnerSettings settings,
            DeviceListener listener) {
        throw new UnsupportedOperationException("not yet");
    }
}
