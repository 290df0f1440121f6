package io.smc4j.protocol.lifecycle.group;

import java.util.ArrayList;
import java.util.List;

/** Connections join and leave; an empty group idles and ends. */
final class Membership {
    private Membership() {}

    static void smcdEstablished(Turn t) {
        if (t.smcD && t.phase == GroupPhase.FORMING) {
            t.phase = GroupPhase.LISTED;
            t.emit(new GroupEffect.Established());
            armIdleIfEmpty(t);
        }
    }

    static void join(Turn t, GroupEvent.Join e) {
        boolean first = t.phase == GroupPhase.FORMING && t.connections.isEmpty();
        if (t.phase != GroupPhase.LISTED && !first) {
            t.emit(new GroupEffect.JoinRefused(e.connection(), JoinRefusal.NOT_LISTED));
            return;
        }
        if (t.connections.size() >= t.maxConnections) {
            t.emit(new GroupEffect.JoinRefused(e.connection(), JoinRefusal.FULL));
            return;
        }
        int link = 0;
        if (!t.smcD) {
            link = first ? 1 : chooseLink(t, e);
            if (link == 0) {
                t.emit(new GroupEffect.JoinRefused(e.connection(), JoinRefusal.NO_LINK));
                return;
            }
        }
        t.idleEpoch++; // a running idle deadline is stale from now on, in the same turn as the match
        t.connections.put(e.connection(), link);
        t.emit(new GroupEffect.Joined(e.connection(), link));
    }

    /** The client takes the link that ACCEPT named; the server spreads: odd counts go to the second link, as in Linux. */
    private static int chooseLink(Turn t, GroupEvent.Join e) {
        if (e.link().isPresent()) {
            LinkEntry named = t.links.get(e.link().getAsInt());
            return named != null && named.active() ? named.number() : 0;
        }
        List<LinkEntry> active = new ArrayList<>();
        for (LinkEntry link : t.links.values()) {
            if (link.active()) {
                active.add(link);
            }
        }
        if (active.isEmpty()) {
            return 0;
        }
        return active.get(t.connections.size() % 2 == 1 && active.size() > 1 ? 1 : 0)
                .number();
    }

    static void left(Turn t, GroupEvent.Left e) {
        boolean member = t.connections.remove(e.connection()) != null;
        if (t.phase == GroupPhase.FORMING && t.connections.isEmpty()) {
            // Without its first connection nobody completes first contact, and handshakes that wait for the group would
            // wait on.
            Termination.failFirstContact(t, false);
        } else if (member && t.phase == GroupPhase.ENDING_CONNECTIONS) {
            Termination.connectionLeft(t);
        } else if (member) {
            armIdleIfEmpty(t);
        }
    }

    static void armIdleIfEmpty(Turn t) {
        if (t.connections.isEmpty() && t.phase == GroupPhase.LISTED) {
            t.idleEpoch++;
            t.emit(new GroupEffect.ArmIdleDeadline(t.idleEpoch, t.timeouts.idle()));
        }
    }

    static void idleDeadline(Turn t, GroupEvent.IdleDeadline e) {
        if (e.epoch() == t.idleEpoch && t.connections.isEmpty() && t.phase == GroupPhase.LISTED) {
            Termination.begin(t, TerminationCause.IDLE);
        }
    }
}
