package io.smc4j.actors.queue;

import io.smc4j.actors.datapath.SmcrEndpoint;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** Carries out the commands of an {@link OwnerLoop}. Owner's thread. */
final class OwnerCommands {
    private final OwnerLoop owner;

    OwnerCommands(OwnerLoop owner) {
        this.owner = owner;
    }

    void execute(Command command) {
        switch (command) {
            case Command.AttachLink attach -> attachLink(attach);
            case Command.LinkReady ready -> linkReady(ready);
            case Command.SendLlc send -> sendLlc(send);
            case Command.AttachEndpoint attach -> attachEndpoint(attach);
            case Command.OpenEndpoint open -> openEndpoint(open);
            case Command.DetachEndpoint detach -> detachEndpoint(detach);
            case Command.MoveEndpoints move -> moveEndpoints(move);
            case Command.DetachLink detach -> detachLink(detach);
            case OwnerMessage.ForwardedCdc cdc -> forwarded(cdc);
            case OwnerMessage.Adopt adopt -> adopt(adopt);
            case OwnerMessage.Drain drain -> owner.doubts().asked(drain);
            case OwnerMessage.Drained drained -> owner.doubts().drained(drained);
            case Command.Stop stop -> {
                // the actor's
            }
            case OwnerMessage.Turn turn -> {
                // the actor's
            }
        }
    }

    private void attachLink(Command.AttachLink attach) {
        OwnedLink link = attach.link();
        String problem = link.loop() != null ? link + " was attached before" : owner.serve(link);
        attach.replyTo().tell(new Reply.LinkAttached(link, problem == null, problem == null ? "" : problem));
    }

    private void linkReady(Command.LinkReady ready) {
        if (owner.serves(ready.link())) {
            ready.link().becomeReady();
        }
    }

    private void sendLlc(Command.SendLlc send) {
        if (owner.serves(send.link())) {
            send.link().llc().send(send);
        } else {
            send.link().llc().refuse(send);
        }
    }

    private void attachEndpoint(Command.AttachEndpoint attach) {
        OwnedLink link = attach.link();
        SmcrEndpoint endpoint = attach.endpoint();
        String problem = null;
        if (!owner.serves(link) || link.isBroken()) {
            problem = link + " is broken or not attached";
        } else if (endpoint.link() != null) {
            problem = "the endpoint was attached before";
        } else if (!link.routes().add(endpoint)) {
            problem = "its alert token " + Integer.toUnsignedString(endpoint.alertToken())
                    + " is in use in the link group";
        } else {
            link.endpoints().add(endpoint);
            endpoint.attach(link, owner.dirtySet());
        }
        attach.replyTo().tell(new Reply.EndpointAttached(endpoint, problem == null, problem == null ? "" : problem));
    }

    private void openEndpoint(Command.OpenEndpoint open) {
        if (owner.ownsOrNobody(open.endpoint())) {
            open.endpoint().open(open.peer());
        } else {
            owner.passOn(open.endpoint(), open);
        }
    }

    private void detachEndpoint(Command.DetachEndpoint detach) {
        SmcrEndpoint endpoint = detach.endpoint();
        if (!owner.ownsOrNobody(endpoint)) {
            owner.passOn(endpoint, detach);
            return;
        }
        if (endpoint.link() instanceof OwnedLink link) {
            link.routes().remove(endpoint);
        }
        endpoint.beginDetach();
        owner.detachments().add(detach);
    }

    private void detachLink(Command.DetachLink detach) {
        OwnedLink link = detach.link();
        link.breakNow();
        if (owner.serves(link)) {
            owner.detachments().add(detach);
        } else {
            // Never attached, or detached before: the owner has nothing of it.
            detach.replyTo().tell(new Reply.LinkDetached(link, true));
        }
    }

    private void moveEndpoints(Command.MoveEndpoints move) {
        OwnedLink from = move.from();
        OwnedLink to = move.to();
        if (from.loop() != owner) {
            move.replyTo().tell(new Reply.EndpointsMoved(from, to, 0));
            return;
        }
        // First of all: a request that the old queue pair still retries must never be executed after newer ones.
        from.breakNow();
        from.moveOn(to);
        move(List.copyOf(from.endpoints()), from, from, to, move.replyTo()); // a snapshot
    }

    /**
     * Moves endpoints that use {@code from}, a link of this owner.
     *
     * @param origin the link that the one who waits for the reply named
     */
    private void move(
            List<SmcrEndpoint> moving,
            OwnedLink origin,
            OwnedLink from,
            OwnedLink to,
            ActorRef<? super Reply.EndpointsMoved> replyTo) {
        OwnerLoop target = to.loop();
        if (target == null) {
            replyTo.tell(new Reply.EndpointsMoved(origin, to, 0));
        } else if (target == owner) {
            for (SmcrEndpoint endpoint : moving) {
                from.endpoints().remove(endpoint);
                endpoint.move(to, owner.dirtySet());
            }
            adopt(new OwnerMessage.Adopt(moving, origin, to, replyTo));
        } else {
            for (SmcrEndpoint endpoint : moving) {
                from.endpoints().remove(endpoint);
                endpoint.move(to, target.dirtySet());
            }
            target.handle().tell(new OwnerMessage.Adopt(moving, origin, to, replyTo));
        }
    }

    private void adopt(OwnerMessage.Adopt adopt) {
        OwnedLink to = adopt.to();
        // Not those that were detached on their way.
        List<SmcrEndpoint> present = adopt.endpoints().stream()
                .filter(endpoint -> endpoint.link() == to)
                .toList();
        OwnedLink next = to.movedOn();
        if (next != null) {
            // The new link broke too, and its endpoints were moved on, before these came.
            move(present, adopt.from(), to, next, adopt.replyTo());
            return;
        }
        for (SmcrEndpoint endpoint : present) {
            to.endpoints().add(endpoint);
            endpoint.moved();
            if (endpoint.isDoubtful()) {
                owner.doubts().adopted(endpoint, to); // whoever had it does not judge it any more
            }
        }
        adopt.replyTo().tell(new Reply.EndpointsMoved(adopt.from(), to, present.size()));
    }

    private void forwarded(OwnerMessage.ForwardedCdc cdc) {
        SmcrEndpoint endpoint = cdc.endpoint();
        if (cdc.arrivedOn().routes().find(endpoint.alertToken()) != endpoint) {
            owner.counters().increment(QueueCounters.Counter.CDC_DROPPED); // detached meanwhile
        } else if (owner.owns(endpoint)) {
            owner.cdc(endpoint, cdc.arrivedOn(), MemorySegment.ofArray(cdc.message()), 0);
        } else {
            owner.passOn(endpoint, cdc);
        }
    }
}
