package io.smc4j.testkit;

import io.smc4j.actors.node.ActorDecorator;
import io.smc4j.actors.node.ActorKind;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/** Puts actors into a ledger, from their start to their PostStop. */
record LedgerActors(ResourceLedger ledger, String owner) implements ActorDecorator {
    @Override
    public <T> Behavior<T> decorate(ActorKind kind, Behavior<T> behavior) {
        List<StackTraceElement> site = ResourceLedger.site();
        return Behaviors.intercept(() -> new Recorder<T>(this, kind, site), behavior)
                .narrow();
    }

    private static final class Recorder<T> extends BehaviorInterceptor<Object, T> {
        private final LedgerActors ledger;
        private final ActorKind kind;
        private final List<StackTraceElement> site;
        private ResourceLedger.@Nullable Closer entry;

        private Recorder(LedgerActors ledger, ActorKind kind, List<StackTraceElement> site) {
            super(Object.class);
            this.ledger = ledger;
            this.kind = kind;
            this.site = site;
        }

        @Override
        public Behavior<T> aroundStart(TypedActorContext<Object> context, PreStartTarget<T> target) {
            String name = kind + " " + context.asJava().getSelf().path().toStringWithoutAddress();
            ResourceLedger.Closer opened =
                    ledger.ledger().opened(ResourceLedger.Kind.ACTOR, name, 0, ledger.owner(), site);
            try {
                Behavior<T> started = target.start(context);
                entry = opened;
                return started;
            } finally {
                if (entry == null) {
                    opened.closed(); // it failed: nobody will hear of its end
                }
            }
        }

        // Whatever was sent to an ActorRef<T> is a T.
        @SuppressWarnings("unchecked")
        @Override
        public Behavior<T> aroundReceive(TypedActorContext<Object> context, Object message, ReceiveTarget<T> target) {
            return target.apply(context, (T) message);
        }

        @Override
        public Behavior<T> aroundSignal(TypedActorContext<Object> context, Signal signal, SignalTarget<T> target) {
            try {
                return target.apply(context, signal);
            } finally {
                ResourceLedger.Closer opened = entry;
                if (signal instanceof PostStop && opened != null) {
                    opened.closed();
                }
            }
        }
    }
}
