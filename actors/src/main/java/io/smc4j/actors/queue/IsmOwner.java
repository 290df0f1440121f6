package io.smc4j.actors.queue;

import io.smc4j.rdma.IsmDevice;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * The one actor that hears an ISM device's doorbells and events. Data does not pass through it: application threads copy into and
 * out of DMBs themselves. It works as {@link CompletionQueueOwner} does, and sleeps while no sleeper's peer rings.
 */
public final class IsmOwner extends AbstractBehavior<IsmCommand> {
    /** A running owner: the reference to watch, and the handle to tell. */
    public record Spawned(ActorRef<IsmCommand> ref, IsmHandle handle) {}

    private final IsmLoop loop;
    private final IsmDevice device;
    private final TurnStrategy turns;

    private IsmOwner(ActorContext<IsmCommand> context, IsmLoop loop, IsmDevice device, OwnerSettings settings) {
        super(context);
        this.loop = loop;
        this.device = device;
        this.turns = new TurnStrategy(settings, loop::doWork, loop::sleep, loop.doorbell());
        context.getSelf().tell(IsmCommand.Turn.TURN);
    }

    /**
     * Starts an owner as a child.
     *
     * @param dispatcher a pinned dispatcher: {@code smc4j.completion-queue-dispatcher}
     * @param device owned by the actor from now on, closed when it stops
     * @param listener told of the device's events, on the owner's thread
     * @param clock monotonic nanoseconds
     * @param decoration what to wrap the actor's behavior in
     */
    public static Spawned spawn(
            ActorContext<?> parent,
            String name,
            DispatcherSelector dispatcher,
            IsmDevice device,
            OwnerSettings settings,
            IsmListener listener,
            LongSupplier clock,
            UnaryOperator<Behavior<IsmCommand>> decoration) {
        Mailbox<IsmCommand> mailbox = new Mailbox<>();
        IsmLoop loop = new IsmLoop(device, settings, listener, mailbox, clock);
        Behavior<IsmCommand> behavior = Behaviors.setup(context -> new IsmOwner(context, loop, device, settings));
        ActorRef<IsmCommand> ref = parent.spawn(decoration.apply(behavior), name, dispatcher);
        mailbox.lead(ref);
        return new Spawned(ref, loop.handle());
    }

    @Override
    public Receive<IsmCommand> createReceive() {
        return newReceiveBuilder()
                .onMessageEquals(IsmCommand.Turn.TURN, this::turn)
                .onMessage(IsmCommand.Stop.class, stop -> Behaviors.stopped())
                .onMessage(IsmCommand.class, this::command)
                .onSignal(PostStop.class, signal -> postStop())
                .build();
    }

    private Behavior<IsmCommand> turn() {
        turns.turn();
        getContext().getSelf().tell(IsmCommand.Turn.TURN);
        return this;
    }

    private Behavior<IsmCommand> command(IsmCommand command) {
        loop.execute(command);
        return this;
    }

    private Behavior<IsmCommand> postStop() {
        int left = loop.shutDown();
        try {
            device.close();
        } catch (IllegalStateException e) {
            // DMBs are still open: left as they are rather than unmapped under a thread that copies.
            getContext()
                    .getLog()
                    .warn(
                            "ISM device {} is left open: {} ({} endpoints were attached)",
                            device.gid(),
                            e.getMessage(),
                            left);
        }
        return this;
    }
}
