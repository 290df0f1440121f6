package io.smc4j.protocol.lifecycle.group;

import java.util.OptionalLong;

/** CONFIRM RKEY and DELETE RKEY as local flows. The peer's requests need no flow: they are answered at once. */
final class RkeyFlows {
    private RkeyFlows() {}

    static void wantConfirmed(Turn t, long connection) {
        if (t.phase.terminating() || !t.connections.containsKey(connection)) {
            t.emit(new GroupEffect.RkeyConfirmed(connection, false));
        } else {
            t.enqueue(new FlowRequest.WantRkeyConfirmed(t.newId(), connection));
        }
    }

    static void wantDeleted(Turn t, long buffer) {
        if (t.phase.terminating()) {
            t.emit(new GroupEffect.RkeyDeleted(buffer, false));
        } else {
            t.enqueue(new FlowRequest.WantRkeyDeleted(t.newId(), buffer));
        }
    }

    static void beginConfirm(Turn t, long connection) {
        LinkEntry on = t.anyActive();
        if (on == null || !t.connections.containsKey(connection)) {
            t.emit(new GroupEffect.RkeyConfirmed(connection, false));
            return;
        }
        t.flow = new Flow.ConfirmRkey(t.startTimer(t.timeouts.llcWait()), on.number(), connection);
        t.emit(new GroupEffect.SendConfirmRkey(on.number(), connection));
    }

    static void beginDelete(Turn t, long buffer) {
        LinkEntry on = null;
        for (LinkEntry link : t.links.values()) {
            if (on == null && link.active() && link.unansweredDelete().isEmpty()) {
                on = link;
            }
        }
        if (on == null) {
            t.emit(new GroupEffect.RkeyDeleted(buffer, false));
            return;
        }
        t.flow = new Flow.DeleteRkey(t.startTimer(t.timeouts.llcWait()), on.number(), buffer);
        t.emit(new GroupEffect.SendDeleteRkey(on.number(), buffer));
    }

    static void confirmed(Turn t, GroupEvent.ConfirmRkeyResponse e) {
        if (t.flow instanceof Flow.ConfirmRkey f && f.on() == e.on() && f.connection() == e.connection()) {
            finishConfirm(t, f, !e.negative());
        }
    }

    static void deleted(Turn t, GroupEvent.DeleteRkeyResponse e) {
        if (t.flow instanceof Flow.DeleteRkey f && f.on() == e.on()) {
            // A negative answer says that the peer has no such rkey: it cannot write there either.
            t.flow = new Flow.None();
            t.emit(new GroupEffect.RkeyDeleted(f.buffer(), true));
            return;
        }
        LinkEntry link = t.active(e.on());
        if (link != null && link.unansweredDelete().isPresent()) {
            t.links.put(link.number(), link.withUnansweredDelete(OptionalLong.empty()));
            t.emit(new GroupEffect.RkeyDeleted(link.unansweredDelete().getAsLong(), true));
        }
    }

    static void finishConfirm(Turn t, Flow.ConfirmRkey f, boolean confirmed) {
        t.flow = new Flow.None();
        t.emit(new GroupEffect.RkeyConfirmed(f.connection(), confirmed));
    }

    /** The peer may still write there, so the buffer stays out of use: until the answer comes late, or the link is gone. */
    static void deleteTimedOut(Turn t, Flow.DeleteRkey f) {
        t.flow = new Flow.None();
        LinkEntry link = t.active(f.on());
        if (link == null) {
            t.emit(new GroupEffect.RkeyDeleted(f.buffer(), false));
        } else {
            t.links.put(link.number(), link.withUnansweredDelete(OptionalLong.of(f.buffer())));
        }
    }
}
