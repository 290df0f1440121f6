package io.smc4j.actors.group;

import io.smc4j.actors.link.Link;
import io.smc4j.actors.link.LinkAddress;
import io.smc4j.actors.node.RdmaContext;
import io.smc4j.actors.queue.OwnedLink;
import io.smc4j.protocol.lifecycle.group.LocalPort;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** A link as its group knows it: its actor, and what the actor reported. Confined to the group's turn. */
final class LinkSlot {
    final int number;
    final int incarnation;
    final LocalPort port;
    final RdmaContext context;
    final ActorRef<Link.Command> actor;

    @Nullable
    OwnedLink link;

    @Nullable
    LinkAddress local;

    @Nullable
    LinkAddress peer;
    /** LLC messages given to the actor and not heard of again; they end with the link, said or not. */
    int llcInFlight;

    /** The actor, or the reaper in its place, said that everything is freed. */
    boolean cleared;
    /** The actor is gone without having said so. */
    boolean failed;

    LinkSlot(int number, int incarnation, LocalPort port, RdmaContext context, ActorRef<Link.Command> actor) {
        this.number = number;
        this.incarnation = incarnation;
        this.port = port;
        this.context = context;
        this.actor = actor;
    }
}
