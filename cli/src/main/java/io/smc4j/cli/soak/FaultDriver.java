package io.smc4j.cli.soak;

import io.smc4j.cli.output.Json;
import io.smc4j.testkit.soak.Trouble;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.IntFunction;

/** Does what the schedule says, and takes it back in time. One thread. */
final class FaultDriver {
    private static final long NEVER = 1000;

    private record Undo(long atMillis, PeerProcess peer) {}

    private final FaultSchedule schedule;
    private final FaultHistory history;
    private final IntFunction<PeerProcess> peers;
    private final PriorityQueue<Undo> undos = new PriorityQueue<>(Comparator.comparingLong(Undo::atMillis));
    private final Set<PeerProcess> killed = new HashSet<>();
    private final Set<PeerProcess> stopped = new HashSet<>();
    private Fault next;

    FaultDriver(FaultSchedule schedule, FaultHistory history, IntFunction<PeerProcess> peers) {
        this.schedule = schedule;
        this.history = history;
        this.peers = peers;
        this.next = schedule.isEmpty() ? new Fault(Long.MAX_VALUE, Trouble.STOP, 0, 0, 0) : schedule.next();
    }

    /** Does and undoes what is due. @return processes that were killed: they need successors */
    List<PeerProcess> advance(long nowMillis) throws InterruptedException {
        while (!undos.isEmpty() && undos.peek().atMillis() <= nowMillis) {
            undo(undos.remove());
        }
        List<PeerProcess> dead = new ArrayList<>();
        while (next.atMillis() <= nowMillis) {
            PeerProcess peer = peers.apply(next.peer());
            if (!killed.contains(peer)) {
                perform(next, peer, nowMillis, dead);
            }
            next = schedule.next();
        }
        return dead;
    }

    long millisUntilNext(long nowMillis) {
        long undo = undos.isEmpty() ? Long.MAX_VALUE : undos.peek().atMillis();
        return Math.clamp(Math.min(undo, next.atMillis()) - nowMillis, 0, NEVER);
    }

    boolean killed(PeerProcess peer) {
        return killed.contains(peer);
    }

    /** Ends every fault that lasts. */
    void undoAll() throws InterruptedException {
        while (!undos.isEmpty()) {
            undo(undos.remove());
        }
        for (int i = 0; i < 2; i++) {
            peers.apply(i).order(Json.object().put("order", "heal"));
        }
    }

    private void perform(Fault fault, PeerProcess peer, long now, List<PeerProcess> dead) throws InterruptedException {
        switch (fault.kind()) {
            case STOP -> {
                if (!stopped.add(peer)) {
                    return; // stopped already
                }
                peer.pause();
            }
            case KILL -> {
                killed.add(peer);
                stopped.remove(peer);
                peer.kill();
                dead.add(peer);
            }
            default ->
                peer.order(Json.object()
                        .put("order", "fault")
                        .put("kind", fault.kind().name())
                        .put("argument", fault.argument())
                        .put("millis", fault.millis()));
        }
        history.done(fault);
        if (fault.kind() == Trouble.STOP) {
            undos.add(new Undo(now + fault.millis(), peer));
        }
    }

    private void undo(Undo undo) throws InterruptedException {
        if (killed.contains(undo.peer())) {
            return;
        }
        stopped.remove(undo.peer());
        undo.peer().resume();
    }
}
