package io.smc4j.actors.queue;

import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** Leads to an actor that is started after the thing that needs to tell it. Set before anybody tells. */
final class Mailbox<T> implements Consumer<T> {
    private volatile @Nullable ActorRef<T> ref;

    void lead(ActorRef<T> to) {
        ref = to;
    }

    @Override
    public void accept(T message) {
        ActorRef<T> to = ref;
        if (to != null) {
            to.tell(message);
        }
    }
}
