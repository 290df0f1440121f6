package io.smc4j.protocol.lifecycle.group;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.lifecycle.group.Flow.Stage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** ADD LINK: when another link is wanted, how the sides agree on it, and how it is given up. */
final class AddLinkFlow {
    private AddLinkFlow() {}

    /**
     * Server: wants another link, unless one is already wanted or there may be none. While one is being added the wish waits: a port
     * may have come up that the one being added does not use.
     */
    static void want(Turn t) {
        boolean already = t.waiting.stream().anyMatch(FlowRequest.WantLink.class::isInstance);
        if (t.server() && !already && mayAddLink(t)) {
            t.enqueue(new FlowRequest.WantLink(t.newId()));
        }
    }

    private static boolean mayAddLink(Turn t) {
        GroupType type = t.type();
        boolean third = type == GroupType.ASYMMETRIC_PEER // for a client that has got a second port
                || (type == GroupType.ASYMMETRIC_LOCAL && unusedPort(t) != null);
        boolean room = type == GroupType.SINGLE || (third && inUse(t) < 3);
        return t.maxLinks > 1 && !t.smcD && t.phase == GroupPhase.LISTED && room;
    }

    /** Links that are being cleared are nobody's any more. */
    private static long inUse(Turn t) {
        return t.links.values().stream()
                .filter(link -> link.stage() != LinkStage.CLEARING)
                .count();
    }

    static void begin(Turn t) {
        LinkEntry on = t.anyActive();
        if (on == null || !mayAddLink(t)) {
            return;
        }
        // A third link of a group whose peer has one port is worth having only over another port of the peer's: offered
        // on a port
        // that the carrying link has already, it is rejected by a client that has no other.
        LocalPort port = t.type() == GroupType.ASYMMETRIC_PEER ? on.local() : unusedPort(t);
        int number = t.freshNumber();
        t.flow = new Flow.AddLink(t.startTimer(t.timeouts.llcFirstWait()), on.number(), number, Stage.PREPARING);
        // Without a second port of ours the same one is used: the peer may have two (asymmetric), else it rejects.
        t.addLink(number, port != null ? port : on.local(), Gid.NONE);
    }

    private static @Nullable LocalPort unusedPort(Turn t) {
        for (LocalPort port : t.ports) {
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
            want(t); // version 1's way for a client to invite
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
            want(t);
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
