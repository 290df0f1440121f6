package io.smc4j.testkit.faults;

import io.smc4j.actors.node.ActorKind;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Between an actor's mailbox and its behavior. In the actor's turn. */
final class Interceptor<T> extends BehaviorInterceptor<Object, T> {
    /** A message that was held, on its way again. */
    private record Released(Object message) {}

    private final FaultDirector director;
    private final ActorKind kind;

    Interceptor(FaultDirector director, ActorKind kind) {
        super(Object.class);
        this.director = director;
        this.kind = kind;
    }

    private static String name(TypedActorContext<Object> context) {
        return context.asJava().getSelf().path().name();
    }

    @Override
    public Behavior<T> aroundStart(TypedActorContext<Object> context, PreStartTarget<T> target) {
        ActorFault fault = director.decide(kind, name(context), FaultDirector.START);
        if (fault != null) {
            strike(fault, context, FaultDirector.START);
        }
        return target.start(context);
    }

    @Override
    public Behavior<T> aroundReceive(TypedActorContext<Object> context, Object received, ReceiveTarget<T> target) {
        if (received instanceof Released released) {
            return deliver(context, released.message(), target);
        }
        ActorFault fault = director.decide(kind, name(context), received);
        if (fault == null) {
            return deliver(context, received, target);
        }
        switch (fault.action()) {
            case HOLD -> {
                director.record(FaultKind.MESSAGE_HELD, name(context), received);
                ActorRef<Object> self = context.asJava().getSelf();
                fault.holds(() -> self.tell(new Released(received)));
                fault.done();
                return Behaviors.same();
            }
            case DROP -> {
                director.record(FaultKind.MESSAGE_DROPPED, name(context), received);
                fault.done();
                return Behaviors.same();
            }
            default -> {
                strike(fault, context, received);
                return deliver(context, received, target);
            }
        }
    }

    @Override
    public Behavior<T> aroundSignal(TypedActorContext<Object> context, Signal signal, SignalTarget<T> target) {
        ActorFault fault = director.decide(kind, name(context), signal);
        if (fault != null) {
            strike(fault, context, signal);
        }
        return target.apply(context, signal);
    }

    private void strike(ActorFault fault, TypedActorContext<Object> context, Object message) {
        switch (fault.action()) {
            case FAIL -> {
                director.record(FaultKind.ACTOR_FAILED, name(context), message);
                fault.done();
                throw new InjectedFailure(
                        "injected fault: " + name(context) + " fails at " + FaultDirector.name(message));
            }
            case RUN -> {
                director.record(FaultKind.CODE_RUN, name(context), message);
                try {
                    fault.code().run();
                } finally {
                    fault.done();
                }
            }
            case HOLD, DROP -> {
                // Signals and the start cannot be kept from an actor.
            }
        }
    }

    // What is not Released was sent to an ActorRef<T>, or is the test's own mistake.
    @SuppressWarnings("unchecked")
    private Behavior<T> deliver(TypedActorContext<Object> context, Object message, ReceiveTarget<T> target) {
        return target.apply(context, (T) message);
    }
}
