package io.smc4j.actors.queue;

import io.smc4j.actors.datapath.SmcrEndpoint;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

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
            case OwnerMessage.Drained drained -> owner.doubts().drained(drained.endpoint());
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
        List<SmcrEndpoint> moving = new ArrayList<>(from.endpoints()); // a snapshot
        OwnerLoop target = to.loop();
        if (target == null) {
            move.replyTo().tell(new Reply.EndpointsMoved(from, to, 0));
        } else if (target == owner) {
            for (SmcrEndpoint endpoint : moving) {
                owner.rehome(endpoint, from, to);
            }
            move.replyTo().tell(new Reply.EndpointsMoved(from, to, moving.size()));
        } else {
            from.endpoints().clear();
            for (SmcrEndpoint endpoint : moving) {
                endpoint.move(to, target.dirtySet());
            }
            target.handle().tell(new OwnerMessage.Adopt(moving, from, to, move.replyTo()));
        }
    }

    private void adopt(OwnerMessage.Adopt adopt) {
        for (SmcrEndpoint endpoint : adopt.endpoints()) {
            if (endpoint.link() == adopt.to()) {
                adopt.to().endpoints().add(endpoint);
                endpoint.moved();
            }
        }
        adopt.replyTo()
                .tell(new Reply.EndpointsMoved(
                        adopt.from(), adopt.to(), adopt.endpoints().size()));
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
