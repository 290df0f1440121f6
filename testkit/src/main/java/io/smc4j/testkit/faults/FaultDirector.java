package io.smc4j.testkit.faults;

import io.smc4j.actors.node.ActorDecorator;
import io.smc4j.actors.node.ActorKind;
import io.smc4j.actors.node.ActorSetup;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * Makes a chosen actor of a node fail at a chosen message, holds messages back and lets them go in another order, or drops them:
 *
 * <pre>{@code
 * FaultDirector director = new FaultDirector("client", log);
 * ActorSystem<Void> system = ActorSystem.create(
 *         Behaviors.empty(), "client", ActorSystemSetup.create(BootstrapSetup.create(config), director.setup()));
 *
 * director.at(ActorKind.LINK).message("Broken").fail();
 * ActorFault held = director.at(ActorKind.CLIENT_HANDSHAKE).message("Read").hold();
 * held.awaitStruck(limit);   // the CLC message has arrived, and the handshake does not know it
 * ...
 * held.release();
 * }</pre>
 *
 * <p>Messages are named by the simple name of their class, as most of them are private to their actor; so are the signals of Pekko
 * (PostStop, Terminated, ChildFailed), which can fail but not be held, and {@link #START}. Thread-safe; faults are added and
 * called off at any time.
 */
public final class FaultDirector {
    /** Name of what an actor is given first, before any message: its start. */
    public static final String START = "Start";

    private static final int KEPT = 400;

    private final String node;
    private final FaultLog log;
    private final List<ActorFault> faults = new CopyOnWriteArrayList<>();
    private final ArrayDeque<String> newest = new ArrayDeque<>();

    /**
     * @param node its name in the log
     * @param log where faults are written down
     */
    public FaultDirector(String node, FaultLog log) {
        this.node = node;
        this.log = log;
    }

    /** What an actor system is created with. */
    public ActorSetup setup() {
        return new ActorSetup(decorator());
    }

    /** The decoration itself. */
    public ActorDecorator decorator() {
        return decorator(ActorDecorator.NONE);
    }

    /** The decoration around another one, such as a ledger's. */
    public ActorDecorator decorator(ActorDecorator inner) {
        return new ActorDecorator() {
            @Override
            public <T> Behavior<T> decorate(ActorKind kind, Behavior<T> behavior) {
                Behavior<T> decorated = inner.decorate(kind, behavior);
                return Behaviors.intercept(() -> new Interceptor<T>(FaultDirector.this, kind), decorated)
                        .narrow();
            }
        };
    }

    /** Begins a fault of actors of a kind. Without more it strikes the first message. */
    public Builder at(ActorKind kind) {
        return new Builder(kind);
    }

    /** Calls one fault off for good, and lets its messages go. */
    public void remove(ActorFault fault) {
        fault.cancel();
        faults.remove(fault);
    }

    /** Calls all faults off, and lets all messages go. */
    public void cancelAll() {
        for (ActorFault fault : faults) {
            fault.cancel();
            faults.remove(fault);
        }
    }

    /** The newest messages of all actors, oldest first: actor and name of the message. */
    public List<String> trace() {
        synchronized (newest) {
            return new ArrayList<>(newest);
        }
    }

    @Nullable
    ActorFault decide(ActorKind kind, String name, Object message) {
        if (!name(message).equals("Turn")) { // an owner that tells itself to go on
            synchronized (newest) {
                newest.add(name + " <- " + name(message));
                if (newest.size() > KEPT) {
                    var _ = newest.removeFirst();
                }
            }
        }
        for (ActorFault fault : faults) {
            if (fault.strikes(kind, name, message)) {
                return fault;
            }
        }
        return null;
    }

    void record(FaultKind kind, String actor, Object message) {
        log.record(kind, node, "actor " + actor, name(message));
    }

    static String name(Object message) {
        return message.equals(START) ? START : message.getClass().getSimpleName();
    }

    /** A fault to be: which messages of which actors it strikes, then what it does. */
    public final class Builder {
        private final ActorKind kind;
        private String described;
        private ActorFault.Condition condition = (k, name, message) -> true;
        private int first = 1;
        private int times = 1;

        private Builder(ActorKind kind) {
            this.kind = kind;
            this.described = kind.toString();
        }

        private Builder and(ActorFault.Condition also, String what) {
            ActorFault.Condition before = condition;
            condition = (k, name, message) -> before.fits(k, name, message) && also.fits(k, name, message);
            described += ", " + what;
            return this;
        }

        /** Only actors whose name, the last element of their path, fits. */
        public Builder named(Predicate<String> actor) {
            return and((k, name, message) -> actor.test(name), "some names");
        }

        /** Only messages and signals whose class has that simple name. */
        public Builder message(String simpleName) {
            return and((k, name, message) -> name(message).equals(simpleName), simpleName);
        }

        /** Only messages and signals of that type. */
        public Builder message(Class<?> type) {
            return and((k, name, message) -> type.isInstance(message), type.getSimpleName());
        }

        /** Only messages and signals that fit. */
        public Builder matching(Predicate<Object> fits) {
            return and((k, name, message) -> fits.test(message), "some messages");
        }

        /** Strikes the nth that fits, from 1. */
        public Builder nth(int n) {
            if (n < 1) {
                throw new IllegalArgumentException("messages are counted from 1, not " + n);
            }
            first = n;
            return this;
        }

        /** Strikes so many, from the {@link #nth} on. */
        public Builder times(int count) {
            times = count;
            return this;
        }

        /** Strikes all, from the {@link #nth} on. */
        public Builder always() {
            times = Integer.MAX_VALUE;
            return this;
        }

        /** The actor throws an {@link InjectedFailure} instead of taking the message. */
        public ActorFault fail() {
            return add(ActorFault.Action.FAIL, () -> {});
        }

        /** The message waits until it is released; the actor goes on with others. */
        public ActorFault hold() {
            return add(ActorFault.Action.HOLD, () -> {});
        }

        /** The actor never gets the message. */
        public ActorFault drop() {
            return add(ActorFault.Action.DROP, () -> {});
        }

        /** Code of the test runs just before the actor takes the message, in its turn. */
        public ActorFault run(Runnable code) {
            return add(ActorFault.Action.RUN, code);
        }

        private ActorFault add(ActorFault.Action action, Runnable code) {
            ActorFault.Condition own = condition;
            ActorFault fault = new ActorFault(
                    (k, name, message) -> k == kind && own.fits(k, name, message),
                    first,
                    times,
                    action,
                    code,
                    described);
            faults.add(fault);
            return fault;
        }
    }
}
