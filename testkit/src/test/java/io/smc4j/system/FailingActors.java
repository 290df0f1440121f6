package io.smc4j.system;

import io.smc4j.actors.node.ActorDecorator;
import io.smc4j.actors.node.ActorKind;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Lets the next actor of a kind that is told something throw, once. */
final class FailingActors implements ActorDecorator {
    private final AtomicReference<Optional<ActorKind>> victim = new AtomicReference<>(Optional.empty());
    private volatile Predicate<Object> fatal = message -> true;
    private final AtomicReference<Optional<ActorKind>> starting = new AtomicReference<>(Optional.empty());

    void failNext(ActorKind kind) {
        failNext(kind, message -> true);
    }

    /** The next one that is told such a message. */
    void failNext(ActorKind kind, Predicate<Object> message) {
        fatal = message;
        victim.set(Optional.of(kind));
    }

    /** The next one of that kind fails before it takes a single message. */
    void failNextStart(ActorKind kind) {
        starting.set(Optional.of(kind));
    }

    boolean hasFailed() {
        return victim.get().isEmpty();
    }

    @Override
    @SuppressWarnings("unchecked") // intercepts messages of any class
    public <T> Behavior<T> decorate(ActorKind kind, Behavior<T> behavior) {
        return Behaviors.intercept(
                () -> new BehaviorInterceptor<T, T>((Class<T>) Object.class) {
                    @Override
                    public Behavior<T> aroundStart(TypedActorContext<T> context, PreStartTarget<T> target) {
                        Optional<ActorKind> chosen = starting.get();
                        if (chosen.isPresent()
                                && chosen.get() == kind
                                && starting.compareAndSet(chosen, Optional.empty())) {
                            throw new IllegalStateException("failure injected into the start of "
                                    + context.asJava().getSelf().path());
                        }
                        return target.start(context);
                    }

                    @Override
                    public Behavior<T> aroundReceive(TypedActorContext<T> context, T message, ReceiveTarget<T> target) {
                        Optional<ActorKind> chosen = victim.get();
                        if (chosen.isPresent()
                                && chosen.get() == kind
                                && fatal.test(message)
                                && victim.compareAndSet(chosen, Optional.empty())) {
                            throw new IllegalStateException("failure injected into "
                                    + context.asJava().getSelf().path() + " at " + message);
                        }
                        return target.apply(context, message);
                    }
                },
                behavior);
    }
}
