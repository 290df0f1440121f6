package io.smc4j.actors.queue;

import io.smc4j.actors.datapath.Endpoint;
import io.smc4j.actors.datapath.SmcdEndpoint;
import io.smc4j.actors.datapath.SmcrEndpoint;
import io.smc4j.protocol.llc.LlcCodec;
import io.smc4j.protocol.llc.LlcMessage;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Ends in their place what actors that failed had with the owners of queues: queue pairs, endpoints, and a link group's memory once
 * all of these are over. An actor that ends in order does all that itself, and the reaper never hears of it.
 *
 * <p>Children first holds here too: a group's memory is freed after its last queue pair and endpoint, and kept out of use for ever if
 * one of them could not be ended.
 */
public final class Reaper extends AbstractBehavior<Reaper.Command> {
    /** What the reaper is told. {@code group} is the id of a link group, unique in its node. */
    public sealed interface Command {}

    /**
     * The actor of a link is gone without having freed its queue pair.
     *
     * @param farewell an LLC message that tells the peer, if it can still be sent; may be empty
     * @param deadline of each step
     * @param whenGone runs when the queue pair is destroyed; only passes on
     */
    public record BuryLink(
            int group,
            CompletionQueueHandle queue,
            OwnedLink link,
            Optional<LlcMessage> farewell,
            Duration deadline,
            Runnable whenGone)
            implements Command {}

    /** The actor of an SMC-R connection is gone, and its group with it. */
    public record BurySmcr(int group, CompletionQueueHandle queue, SmcrEndpoint endpoint) implements Command {}

    /** The actor of an SMC-D connection is gone, and its group with it. */
    public record BurySmcd(int group, IsmHandle ism, SmcdEndpoint endpoint) implements Command {}

    /** The last of a group: its memory, to be freed after everything told before. */
    public record FreeMemory(int group, MemoryOfGroup memory) implements Command {}

    /** Stop as soon as nothing is left to do. */
    public record Stop() implements Command {}

    /** Frees the memory of a group. */
    @FunctionalInterface
    public interface MemoryOfGroup {
        /** @param quarantine something may still touch it: deregister it, but keep it mapped */
        CompletionStage<?> free(boolean quarantine);
    }

    private record FarewellOver(OwnedLink link) implements Command {}

    private record LinkOver(Reply.LinkDetached reply) implements Command {}

    private record Destroyed(OwnedLink link, @Nullable Throwable failure) implements Command {}

    private record EndpointOver(Endpoint endpoint, boolean quiet) implements Command {}

    private record Freed(int group, @Nullable Throwable failure) implements Command {}

    private static final class Grave {
        int open;

        @Nullable
        MemoryOfGroup memory;
    }

    private final Executor blocking;
    private final TimerScheduler<Command> timers;
    private final ActorRef<Reply.LlcSent> llcSent;
    private final Map<Integer, Grave> graves = new HashMap<>();
    /** Groups of which something could not be ended, so that it may still touch their memory. */
    private final Set<Integer> unsafe = new HashSet<>();

    private final Set<OwnedLink> farewells = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<OwnedLink, BuryLink> links = new IdentityHashMap<>();
    private final Map<Endpoint, Integer> endpoints = new IdentityHashMap<>();
    private final ActorRef<Reply.LinkDetached> linkDetached;
    private final ActorRef<Reply.EndpointDetached> smcrDetached;
    private final ActorRef<IsmCommand.Detached> smcdDetached;
    private boolean stopping;

    /** @param blocking where queue pairs are destroyed and memory is freed */
    public static Behavior<Command> create(Executor blocking) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new Reaper(context, timers, blocking)));
    }

    private Reaper(ActorContext<Command> context, TimerScheduler<Command> timers, Executor blocking) {
        super(context);
        this.timers = timers;
        llcSent = context.messageAdapter(Reply.LlcSent.class, reply -> new FarewellOver(reply.link()));
        this.blocking = blocking;
        linkDetached = context.messageAdapter(Reply.LinkDetached.class, LinkOver::new);
        smcrDetached = context.messageAdapter(
                Reply.EndpointDetached.class, reply -> new EndpointOver(reply.endpoint(), reply.quiet()));
        smcdDetached =
                context.messageAdapter(IsmCommand.Detached.class, reply -> new EndpointOver(reply.endpoint(), true));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onMessage(Command.class, this::onCommand).build();
    }

    private Behavior<Command> onCommand(Command command) {
        switch (command) {
            case BuryLink b -> {
                grave(b.group()).open++;
                links.put(b.link(), b);
                b.farewell().ifPresentOrElse(message -> sayFarewell(b, message), () -> detach(b));
            }
            case BurySmcr b -> {
                if (expect(b.group(), b.endpoint())) {
                    b.queue().tell(new io.smc4j.actors.queue.Command.DetachEndpoint(b.endpoint(), smcrDetached));
                }
            }
            case BurySmcd b -> {
                if (expect(b.group(), b.endpoint())) {
                    b.ism().tell(new IsmCommand.Detach(b.endpoint(), smcdDetached));
                }
            }
            case FreeMemory f -> {
                grave(f.group()).memory = f.memory();
                freeIfLast(f.group());
            }
            case FarewellOver f -> {
                BuryLink burial = links.get(f.link());
                if (burial != null && farewells.remove(f.link())) {
                    detach(burial);
                }
            }
            case LinkOver l -> onLinkOver(l.reply());
            case Destroyed d -> onDestroyed(d);
            case EndpointOver e -> onEndpointOver(e);
            case Freed f -> {
                if (f.failure() != null) {
                    getContext().getLog().error("a failed link group's memory could not be freed", f.failure());
                }
                graves.remove(f.group());
            }
            case Stop s -> stopping = true;
        }
        return stopping && graves.isEmpty() ? Behaviors.stopped() : this;
    }

    private void sayFarewell(BuryLink burial, LlcMessage message) {
        farewells.add(burial.link());
        timers.startSingleTimer(burial.link(), new FarewellOver(burial.link()), burial.deadline());
        burial.queue()
                .tell(new io.smc4j.actors.queue.Command.SendLlc(burial.link(), LlcCodec.encode(message), llcSent));
    }

    private void detach(BuryLink burial) {
        timers.cancel(burial.link());
        burial.queue()
                .tell(new io.smc4j.actors.queue.Command.DetachLink(burial.link(), burial.deadline(), linkDetached));
    }

    private Grave grave(int group) {
        return graves.computeIfAbsent(group, id -> new Grave());
    }

    private boolean expect(int group, Endpoint endpoint) {
        if (endpoints.putIfAbsent(endpoint, group) != null) {
            return false;
        }
        grave(group).open++;
        return true;
    }

    private void onLinkOver(Reply.LinkDetached reply) {
        BuryLink burial = links.get(reply.link());
        if (burial == null) {
            return;
        }
        getContext()
                .pipeToSelf(
                        CompletableFuture.runAsync(() -> reply.link().destroy(), blocking),
                        (done, failure) -> new Destroyed(reply.link(), failure));
    }

    private void onDestroyed(Destroyed destroyed) {
        BuryLink burial = links.remove(destroyed.link());
        if (burial == null) {
            return;
        }
        if (destroyed.failure() != null) {
            unsafe.add(burial.group());
            getContext().getLog().error("a failed link's queue pair could not be destroyed", destroyed.failure());
        }
        burial.whenGone().run();
        over(burial.group());
    }

    private void onEndpointOver(EndpointOver over) {
        Integer group = endpoints.remove(over.endpoint());
        if (group != null) {
            if (!over.quiet()) {
                unsafe.add(group);
            }
            over(group);
        }
    }

    private void over(int group) {
        grave(group).open--;
        freeIfLast(group);
    }

    private void freeIfLast(int group) {
        Grave grave = grave(group);
        if (grave.open > 0) {
            return;
        }
        MemoryOfGroup memory = grave.memory;
        if (memory == null) {
            graves.remove(group); // the group lives on, or its last message is still to come
            return;
        }
        getContext().pipeToSelf(memory.free(unsafe.remove(group)), (done, failure) -> new Freed(group, failure));
    }
}
