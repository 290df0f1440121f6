package io.smc4j.actors.queue;

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
 * The one actor that posts work requests to a device and polls its completions. It works in bounded turns and tells itself to go
 * on, so that commands and supervision reach it in between; with nothing to do it spins, yields and then sleeps in the device.
 *
 * <p>Application threads never send it a message for data: they mark endpoints dirty ({@link
 * io.smc4j.actors.datapath.DirtySet}), and those that would only wait do its rounds themselves while it naps ({@link Lending}). Never restart it: a queue whose owner failed has completions nobody knows.
 */
public final class CompletionQueueOwner extends AbstractBehavior<Command> {
    /** A running owner: the reference to watch, and the handle to tell. */
    public record Spawned(ActorRef<Command> ref, CompletionQueueHandle handle) {}

    private final OwnerLoop loop;
    private final DeviceContext device;
    private final TurnStrategy turns;

    private CompletionQueueOwner(
            ActorContext<Command> context, OwnerLoop loop, DeviceContext device, OwnerSettings settings) {
        super(context);
        this.loop = loop;
        this.device = device;
        Lending lending = loop.lending();
        this.turns = new TurnStrategy(
                settings, loop::doWork, loop::sleep, loop.doorbell(), lending::isWanted, lending::giveWay);
        context.getSelf().tell(OwnerMessage.Turn.TURN);
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
            DeviceContext device,
            OwnerSettings settings,
            DeviceListener listener,
            LongSupplier clock,
            UnaryOperator<Behavior<Command>> decoration) {
        Mailbox<Command> mailbox = new Mailbox<>();
        OwnerLoop loop = new OwnerLoop(device, settings, listener, mailbox, clock);
        Behavior<Command> behavior =
                Behaviors.setup(context -> new CompletionQueueOwner(context, loop, device, settings));
        ActorRef<Command> ref = parent.spawn(decoration.apply(behavior), name, dispatcher);
        mailbox.lead(ref);
        return new Spawned(ref, loop.handle());
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessageEquals(OwnerMessage.Turn.TURN, this::turn)
                .onMessage(Command.Stop.class, stop -> Behaviors.stopped())
                .onMessage(Command.class, this::command)
                .onSignal(PostStop.class, signal -> postStop())
                .build();
    }

    private Behavior<Command> turn() {
        turns.turn();
        getContext().getSelf().tell(OwnerMessage.Turn.TURN);
        return this;
    }

    private Behavior<Command> command(Command command) {
        loop.execute(command);
        return this;
    }

    private Behavior<Command> postStop() {
        int left = loop.shutDown("the owner of its completion queue has stopped");
        try {
            device.completionQueue().close();
            device.protectionDomain().close();
            device.device().close();
        } catch (IllegalStateException e) {
            // Something on it is still open: left as it is rather than freed under a peer that may write to it.
            getContext()
                    .getLog()
                    .warn(
                            "Device {} is left open: {} ({} links were attached)",
                            device.device().name(),
                            e.getMessage(),
                            left);
        }
        return this;
    }
}
