package io.smc4j.actors.queue;

import io.smc4j.actors.datapath.SmcrEndpoint;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** Endpoints and links on their way out, looked at in every turn until nothing of them is in flight. Owner's thread. */
final class Detachments {
    /** A connection that ends while its link is broken waits so long for a failover, to tell the peer over another link. */
    private static final long FAILOVER_PATIENCE_NANOS = 250_000_000;

    /** With a link that works, waiting so long for state flags to arrive means that the peer does not take anything. */
    private static final long FLAGS_PATIENCE_NANOS = 2_000_000_000;

    private record Endpoint(SmcrEndpoint endpoint, long since, ActorRef<? super Reply.EndpointDetached> replyTo) {}

    private record Link(OwnedLink link, long since, long deadlineNanos, ActorRef<? super Reply.LinkDetached> replyTo) {}

    private final OwnerLoop owner;
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final List<Link> links = new ArrayList<>();

    Detachments(OwnerLoop owner) {
        this.owner = owner;
    }

    boolean isEmpty() {
        return endpoints.isEmpty() && links.isEmpty();
    }

    void add(Command.DetachEndpoint command) {
        endpoints.add(new Endpoint(command.endpoint(), owner.now(), command.replyTo()));
    }

    void add(Command.DetachLink command) {
        links.add(new Link(command.link(), owner.now(), command.deadline().toNanos(), command.replyTo()));
    }

    /** @param queueEmpty whether the completion queue was just seen empty */
    int check(boolean queueEmpty) {
        int done = 0;
        for (int i = links.size() - 1; i >= 0; i--) {
            if (isDone(links.get(i), queueEmpty)) {
                links.remove(i);
                done++;
            }
        }
        for (int i = endpoints.size() - 1; i >= 0; i--) {
            if (isDone(endpoints.get(i))) {
                endpoints.remove(i);
                done++;
            }
        }
        return done;
    }

    private boolean isDone(Link entry, boolean queueEmpty) {
        OwnedLink link = entry.link();
        boolean flushed = link.isFlushed();
        if (!flushed && queueEmpty && link.queuePair().outstanding() == 0) {
            link.flushSynthetically();
            flushed = true;
        }
        if (!flushed && owner.now() - entry.since() < entry.deadlineNanos()) {
            return false;
        }
        if (!flushed) {
            link.abandon();
        }
        owner.forget(link);
        entry.replyTo().tell(new Reply.LinkDetached(link, flushed));
        return true;
    }

    private boolean isDone(Endpoint entry) {
        SmcrEndpoint endpoint = entry.endpoint();
        if (!owner.ownsOrNobody(endpoint)) {
            // A failover took it to another owner meanwhile.
            owner.passOn(endpoint, new Command.DetachEndpoint(endpoint, entry.replyTo()));
            return true;
        }
        if (!endpoint.isQuiet()) {
            return false;
        }
        if (endpoint.link() instanceof OwnedLink link) {
            long patience = link.sendable() ? FLAGS_PATIENCE_NANOS : FAILOVER_PATIENCE_NANOS;
            if (endpoint.flagsOutstanding() && owner.serves(link) && owner.now() - entry.since() < patience) {
                return false;
            }
            link.endpoints().remove(endpoint);
        }
        endpoint.detached();
        entry.replyTo().tell(new Reply.EndpointDetached(endpoint, !endpoint.isTainted()));
        return true;
    }
}
