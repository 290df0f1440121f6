package io.smc4j.protocol.lifecycle.group;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.SmcVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One step in the making: a mutable copy of the state and the effects so far. Lives for one call only. */
final class Turn {
    static final int MAX_NUMBER = 255;

    final GroupRole role;
    final boolean smcD;
    final SmcVersion version;
    final GroupTimeouts timeouts;
    final int maxLinks;
    final int maxConnections;
    final SortedSet<LocalPort> ports;
    final SortedMap<Integer, LinkEntry> links;
    final SortedMap<Long, Integer> connections;
    final List<FlowRequest> waiting;
    final List<GroupEffect> effects = new ArrayList<>();
    GroupPhase phase;
    Optional<TerminationCause> cause;
    Flow flow;
    Optional<GroupEvent.AddLinkRequest> delayed;
    private int nextId;
    private int nextIncarnation;
    int idleEpoch;
    boolean escalated;
    boolean quarantine;

    Turn(LinkGroupState s) {
        role = s.role();
        smcD = s.smcD();
        version = s.version();
        timeouts = s.timeouts();
        maxLinks = s.maxLinks();
        maxConnections = s.maxConnections();
        ports = new TreeSet<>(s.ports());
        links = new TreeMap<>(s.links());
        connections = new TreeMap<>(s.connections());
        waiting = new ArrayList<>(s.waiting());
        phase = s.phase();
        cause = s.cause();
        flow = s.flow();
        delayed = s.delayed();
        nextId = s.nextId();
        nextIncarnation = s.nextIncarnation();
        idleEpoch = s.idleEpoch();
        escalated = s.escalated();
        quarantine = s.quarantine();
    }

    Step done() {
        LinkGroupState state = new LinkGroupState(
                role,
                smcD,
                version,
                timeouts,
                maxLinks,
                maxConnections,
                phase,
                type(),
                cause,
                ports,
                links,
                connections,
                flow,
                waiting,
                delayed,
                nextId,
                nextIncarnation,
                idleEpoch,
                escalated,
                quarantine);
        return new Step(state, List.copyOf(effects));
    }

    void emit(GroupEffect effect) {
        effects.add(effect);
    }

    int newId() {
        return ++nextId;
    }

    boolean server() {
        return role == GroupRole.SERVER;
    }

    boolean idleSlot() {
        return flow instanceof Flow.None;
    }

    // ---- links ----

    LinkEntry addLink(int number, LocalPort port, Gid peer) {
        LinkEntry entry = new LinkEntry(number, ++nextIncarnation, LinkStage.PREPARING, port, peer);
        links.put(number, entry);
        emit(new GroupEffect.PrepareLink(number, entry.incarnation(), port));
        return entry;
    }

    /** The link if it is still the one meant: same incarnation and not being cleared. */
    @Nullable
    LinkEntry live(int number, int incarnation) {
        LinkEntry entry = links.get(number);
        return entry != null && entry.incarnation() == incarnation && entry.stage() != LinkStage.CLEARING
                ? entry
                : null;
    }

    @Nullable
    LinkEntry active(int number) {
        LinkEntry entry = links.get(number);
        return entry != null && entry.active() ? entry : null;
    }

    @Nullable
    LinkEntry anyActive() {
        for (LinkEntry entry : links.values()) {
            if (entry.active()) {
                return entry;
            }
        }
        return null;
    }

    /** The link that the running flow builds: it is there as long as the flow. */
    LinkEntry link(int number) {
        LinkEntry entry = links.get(number);
        if (entry == null) {
            throw new IllegalStateException("link " + number + " is gone, but not the flow that builds it: a bug");
        }
        return entry;
    }

    GroupType type() {
        return GroupType.of(links.values());
    }

    /**
     * A number for a new link. Numbers grow as Linux's do, so that none comes again while the peer may still be clearing the
     * link that had it, or messages about that link are on their way.
     */
    int freshNumber() {
        int number = nextIncarnation % MAX_NUMBER + 1;
        while (links.containsKey(number)) {
            number = number % MAX_NUMBER + 1;
        }
        return number;
    }

    /** Begins to clear a link, once. */
    void clear(LinkEntry entry) {
        LinkEntry now = live(entry.number(), entry.incarnation());
        if (now != null) {
            toClearing(now);
            emit(new GroupEffect.ClearLink(now.number(), now.incarnation()));
        }
    }

    /** Out of use. An answer that was due on it does not come any more. */
    void toClearing(LinkEntry entry) {
        links.put(entry.number(), entry.at(LinkStage.CLEARING).withUnansweredDelete(OptionalLong.empty()));
        entry.unansweredDelete().ifPresent(buffer -> emit(new GroupEffect.RkeyDeleted(buffer, false)));
    }

    void moveConnections(int from, int to) {
        emit(new GroupEffect.MoveConnections(from, to));
        connections.replaceAll((connection, link) -> link == from ? to : link);
    }

    // ---- flows ----

    int startTimer(Duration after) {
        int id = newId();
        emit(new GroupEffect.ArmFlowDeadline(id, after));
        return id;
    }

    void enqueue(FlowRequest request) {
        waiting.addLast(request);
        emit(new GroupEffect.ArmRequestDeadline(request.id(), timeouts.flowInitiate()));
    }

    void enqueueFirst(FlowRequest request) {
        waiting.addFirst(request);
        emit(new GroupEffect.ArmRequestDeadline(request.id(), timeouts.flowInitiate()));
    }
}
