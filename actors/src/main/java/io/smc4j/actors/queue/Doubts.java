package io.smc4j.actors.queue;

import io.smc4j.actors.datapath.SmcrEndpoint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Link switches announced by peers that look as if CDC messages were lost. They may only not have been polled yet, so they are
 * judged after every completion queue that has, or had, links of the group was seen empty. An endpoint in doubt that moves to another owner
 * is doubted anew there, even if it comes back to where it was: a message that follows it from owner to owner is behind the answers
 * to questions that were asked before. Owner's thread.
 */
final class Doubts {
    /** An owner that does not answer for so long does not delay the judgement further. */
    private static final long PATIENCE_NANOS = 1_000_000_000;

    /** One doubt: how many other owners have not answered yet. */
    private static final class Doubt {
        final SmcrEndpoint endpoint;
        final OwnedLink arrivedOn;
        final int number;
        final long since;
        int others;

        Doubt(SmcrEndpoint endpoint, OwnedLink arrivedOn, int number, long since, int others) {
            this.endpoint = endpoint;
            this.arrivedOn = arrivedOn;
            this.number = number;
            this.since = since;
            this.others = others;
        }
    }

    private final OwnerLoop owner;
    private final List<Doubt> doubts = new ArrayList<>();
    private final List<OwnerMessage.Drain> asked = new ArrayList<>();
    private int numbers;

    Doubts(OwnerLoop owner) {
        this.owner = owner;
    }

    boolean isEmpty() {
        return doubts.isEmpty() && asked.isEmpty();
    }

    /** An endpoint came from another owner in doubt; what this one was told of it before does not count. */
    void adopted(SmcrEndpoint endpoint, OwnedLink to) {
        doubts.removeIf(old -> old.endpoint == endpoint);
        add(endpoint, to);
    }

    /** A validation message made an endpoint doubtful. */
    void add(SmcrEndpoint endpoint, OwnedLink arrivedOn) {
        if (find(endpoint) != null) {
            return; // what comes while it is in doubt waits
        }
        int number = ++numbers;
        int others = 0;
        for (OwnerLoop other : arrivedOn.routes().everOwners()) {
            if (other != owner) {
                others++;
                other.handle().tell(new OwnerMessage.Drain(endpoint, number, owner));
            }
        }
        doubts.add(new Doubt(endpoint, arrivedOn, number, owner.now(), others));
    }

    private @Nullable Doubt find(SmcrEndpoint endpoint) {
        for (Doubt doubt : doubts) {
            if (doubt.endpoint == endpoint) {
                return doubt;
            }
        }
        return null;
    }

    /** Another owner wants to know when this one's queue was empty. */
    void asked(OwnerMessage.Drain drain) {
        asked.add(drain);
    }

    void drained(OwnerMessage.Drained drained) {
        Doubt doubt = find(drained.endpoint());
        if (doubt != null && doubt.number == drained.number()) {
            doubt.others--;
        }
    }

    /** The completion queue was just seen empty. */
    void queueEmpty() {
        for (OwnerMessage.Drain drain : asked) {
            drain.asker().handle().tell(new OwnerMessage.Drained(drain.endpoint(), drain.number()));
        }
        asked.clear();
        for (int i = doubts.size() - 1; i >= 0; i--) {
            Doubt doubt = doubts.get(i);
            if (doubt.others <= 0 || owner.now() - doubt.since > PATIENCE_NANOS) {
                doubts.remove(i);
                judge(doubt);
            }
        }
    }

    private void judge(Doubt doubt) {
        SmcrEndpoint endpoint = doubt.endpoint;
        if (!owner.owns(endpoint)) {
            return; // whoever has it now judges it
        }
        boolean lost = endpoint.judge();
        if (endpoint.isDoubtful()) {
            add(endpoint, doubt.arrivedOn); // it switched once more before this was judged
        }
        if (!lost) {
            return;
        }
        // The abort must reach the peer: over the link it uses, if ours does not work.
        OwnedLink to = doubt.arrivedOn;
        if (endpoint.link() instanceof OwnedLink from && !from.sendable() && to.sendable() && to.loop() == owner) {
            owner.rehome(endpoint, from, to);
        }
    }
}
