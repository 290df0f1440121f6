package io.smc4j.protocol.lifecycle.group;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.lifecycle.group.Flow.Stage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** ADD LINK: when another link is wanted, how the sides agree on it, and how it is given up. */
final class AddLinkFlow {
    private AddLinkFlow() {}

    /** Server: wants another link, unless one is already wanted or there may be none. */
    static void want(Turn t) {
        if (!(t.flow instanceof Flow.AddLink) && t.type() != GroupType.ASYMMETRIC_PEER) {
            wantAnother(t);
        }
    }

    /**
     * Server: a port of either side has come up. A link that is just being added does without it, so another one is wanted after that;
     * whether there is room is seen then.
     */
    private static void wantAnother(Turn t) {
        boolean already = t.waiting.stream().anyMatch(FlowRequest.WantLink.class::isInstance);
        boolean later = t.flow instanceof Flow.AddLink && t.maxLinks > 1 && t.phase == GroupPhase.LISTED;
        if (t.server() && !already && (later || mayAddLink(t))) {
            t.enqueue(new FlowRequest.WantLink(t.newId()));
        }
    }

    /** Server: the client invites, because a port of its own has come up. */
    static void invited(Turn t) {
        wantAnother(t);
    }

    /** A third link is for the short time until one of an asymmetric pair is removed. */
    private static boolean mayAddLink(Turn t) {
        long inUse = t.links.values().stream()
                .filter(link -> link.stage() != LinkStage.CLEARING)
                .count();
        boolean room = switch (t.type()) {
            case SINGLE -> true;
            case ASYMMETRIC_LOCAL -> unusedPort(t) != null && inUse < 3;
            case ASYMMETRIC_PEER -> inUse < 3;
            case NONE, SYMMETRIC -> false;
        };
        return t.maxLinks > 1 && !t.smcD && t.phase == GroupPhase.LISTED && room;
    }

    static void begin(Turn t) {
        LinkEntry on = t.anyActive();
        if (on == null || !mayAddLink(t)) {
            return;
        }
        LocalPort port = unusedPort(t);
        int number = t.freshNumber();
        t.flow = new Flow.AddLink(t.startTimer(t.timeouts.llcFirstWait()), on.number(), number, Stage.PREPARING);
        // Without a second port of ours the same one is used: the peer may have two (asymmetric), else it rejects.
        t.addLink(number, port != null ? port : on.local(), Gid.NONE);
    }

    private static @Nullable LocalPort unusedPort(Turn t) {
        for (LocalPort port : t.ports) {
            // A link that is being cleared does not count: its port is free, if it is up.
            if (t.links.values().stream()
                    .noneMatch(link ->
                            link.stage() != LinkStage.CLEARING && link.local().equals(port))) {
                return port;
            }
        }
        return null;
    }

    /** Server: the client's answer. It may still reject after it has accepted, as Linux does when its end fails. */
    static void response(Turn t, GroupEvent.AddLinkResponse e) {
        if (!t.server() || !(t.flow instanceof Flow.AddLink f) || e.on() != f.on() || e.number() != f.number()) {
            return;
        }
        if (e.rejected()) {
            giveUp(t, f, false);
        } else if (f.stage() == Stage.AWAITING_PEER) {
            LinkEntry link = t.link(f.number()).with(e.peer());
            t.links.put(link.number(), link);
            LinkBuilding.makeReady(t, f);
        }
    }

    static void request(Turn t, GroupEvent.AddLinkRequest e) {
        if (t.server()) {
            invited(t); // version 1's way for a client to invite
            return;
        }
        LinkEntry carrying = t.active(e.on());
        if (carrying == null || t.phase != GroupPhase.LISTED || t.flow instanceof Flow.AddLink) {
            return; // of the same type as the running flow: dropped
        }
        if (!t.idleSlot()) {
            // One can wait for the slot. A second one is dropped: its sender runs into its deadline.
            t.delayed = t.delayed.or(() -> Optional.of(e));
            return;
        }
        LocalPort alternate = unusedPort(t);
        boolean samePeer = carrying.peer().equals(e.peer());
        boolean numberFree = e.number() >= 1 && e.number() <= 255 && !t.links.containsKey(e.number());
        if (!e.acceptable() || t.maxLinks < 2 || !numberFree || (alternate == null && samePeer)) {
            t.emit(new GroupEffect.SendAddLinkReject(e.on(), e.number()));
            return;
        }
        t.flow = new Flow.AddLink(t.startTimer(t.timeouts.llcFirstWait()), e.on(), e.number(), Stage.PREPARING);
        t.addLink(e.number(), alternate != null ? alternate : carrying.local(), e.peer());
    }

    static void portUp(Turn t, GroupEvent.PortUp e) {
        t.ports.add(e.port());
        GroupType type = t.type();
        if (t.phase != GroupPhase.LISTED || type == GroupType.SYMMETRIC || type == GroupType.ASYMMETRIC_PEER) {
            return;
        }
        if (t.server()) {
            wantAnother(t);
        } else {
            LinkEntry on = t.anyActive();
            if (on != null && t.maxLinks > 1 && unusedPort(t) != null) {
                t.emit(new GroupEffect.SendRequestAddLink(on.number()));
            }
        }
    }

    /** Gives the new link up, and tells the peer if it waits for it or may have built its end. */
    static void giveUp(Turn t, Flow.AddLink f, boolean tellPeer) {
        t.flow = new Flow.None();
        LinkEntry on = t.active(f.on()) != null ? t.active(f.on()) : t.anyActive();
        if (tellPeer && on != null) {
            if (f.stage() != Stage.PREPARING) {
                t.emit(new GroupEffect.SendDeleteLinkRequest(on.number(), f.number(), DeleteCause.LOST_PATH));
            } else if (!t.server() && on.number() == f.on()) {
                t.emit(new GroupEffect.SendAddLinkReject(f.on(), f.number()));
            } // else the client has never heard of it
        }
        LinkEntry link = t.links.get(f.number());
        if (link != null) {
            t.clear(link);
        }
    }
}
