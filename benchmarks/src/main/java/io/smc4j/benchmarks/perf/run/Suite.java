package io.smc4j.benchmarks.perf.run;

import io.smc4j.benchmarks.perf.plan.PeerName;
import io.smc4j.benchmarks.perf.result.Failure;
import io.smc4j.benchmarks.perf.result.Key;
import io.smc4j.benchmarks.perf.result.Samples;
import io.smc4j.cli.command.CliContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A run. All peers' processes live side by side, one pair at a time works, the others do nothing; those that cannot do nothing live
 * for a turn. A pair that fails is ended and started anew for its next turn; after its second failure a peer is left out.
 */
public final class Suite implements AutoCloseable {
    private static final int MOST_FAILURES = 2;

    private final Plan plan;
    private final Children children;
    private final WorkDirectory directory;
    private final Observer observer;
    private final Map<PeerName, Pair> pairs = new EnumMap<>(PeerName.class);
    private final Map<PeerName, Integer> troubles = new EnumMap<>(PeerName.class);
    private final List<Failure> failures = new ArrayList<>();
    private final Samples samples = new Samples();
    private final LongSupplier clock;
    private final long start;
    private boolean closed;

    /**
     * @param clock monotonic nanoseconds; the run begins now
     * @throws IOException if there is no place for the files that both ends of a pair map
     */
    public Suite(Plan plan, CliContext context, Observer observer, LongSupplier clock) throws IOException {
        this.plan = plan;
        this.clock = clock;
        this.start = clock.getAsLong();
        this.directory = WorkDirectory.create(Path.of("/dev/shm"));
        this.children = new Children(context, directory.path(), ClassArchive.ofThisJvm());
        this.observer = observer;
    }

    /** Runs all of it. @return what was measured; {@link #failures} has the rest */
    public Samples run() throws InterruptedException {
        writeArchive();
        List<Plan.Turn> all = plan.allTurns();
        int turns = all.size();
        int index = 0;
        for (int round = 1; round <= plan.rounds(); round++) {
            if (round == 1 || plan.freshProcesses()) {
                endAll();
                observer.starting(round, plan.rounds());
                startAll(round);
            }
            for (Plan.Turn turn : plan.turns(round)) {
                if (isClosed()) {
                    return samples; // this process is being ended
                }
                observer.turn(++index, turns, round, plan.rounds(), turn.measured(), turn.peer());
                take(turn, plan.paceOf(turn, all.subList(index - 1, turns), elapsed()));
            }
        }
        endAll();
        return samples;
    }

    /** What could not be measured. */
    public List<Failure> failures() {
        return List.copyOf(failures);
    }

    private Duration elapsed() {
        return Duration.ofNanos(clock.getAsLong() - start);
    }

    /** So that the others start sooner. If it does not work, they do without. */
    private void writeArchive() throws InterruptedException {
        if (!children.archive().isPossible() || children.archive().isCurrent()) {
            return;
        }
        observer.preparing();
        try {
            Pair writing = Pair.startWriter(children);
            synchronized (pairs) {
                if (closed) {
                    writing.kill();
                    return;
                }
                pairs.put(Pair.WRITER, writing); // so that it ends with this process
            }
            writing.run();
        } catch (ChildTrouble _) {
            // The first turn will say what does not work, if that is more than this.
        } finally {
            end(Pair.WRITER);
        }
    }

    private void take(Plan.Turn turn, Pace pace) throws InterruptedException {
        if (isLeftOut(turn.peer())) { // its failures say so
            return;
        }
        try {
            pair(turn.peer())
                    .measure(turn.measured(), pace)
                    .forEach((metric, value) -> samples.add(Key.of(turn.peer(), turn.measured(), metric), value));
        } catch (ChildTrouble e) {
            failed(turn.peer(), turn.measured().toString(), turn.round(), e);
        } finally {
            if (turn.peer().neverRests()) {
                end(turn.peer());
            }
        }
    }

    private void end(PeerName peer) {
        Pair ending = remove(peer);
        if (ending != null) {
            ending.askToEnd();
            ending.end();
        }
    }

    @Nullable
    private Pair remove(PeerName peer) {
        synchronized (pairs) {
            return pairs.remove(peer);
        }
    }

    private void failed(PeerName peer, String caseName, int round, ChildTrouble e) {
        if (isClosed()) {
            return; // children that were ended are no news
        }
        troubles.merge(peer, 1, Integer::sum);
        String end = isLeftOut(peer) ? "; " + peer.label() + " is left out from here on" : "";
        Failure failure = new Failure(peer.label(), caseName, round, e.getMessage() + end);
        failures.add(failure);
        observer.failed(failure);
        Pair broken = remove(peer);
        if (broken != null) {
            broken.kill();
            broken.end();
        }
    }

    private boolean isClosed() {
        synchronized (pairs) {
            return closed;
        }
    }

    private boolean isLeftOut(PeerName peer) {
        return troubles.getOrDefault(peer, 0) >= MOST_FAILURES;
    }

    /** All at once, and all before the first turn: a JVM that starts disturbs whatever is measured beside it. */
    private void startAll(int round) throws InterruptedException {
        List<PeerName> needed = plan.turns(round).stream()
                .map(Plan.Turn::peer)
                .distinct()
                .filter(peer -> !peer.neverRests())
                .toList();
        for (PeerName peer : needed) {
            if (!isLeftOut(peer)) {
                try {
                    pair(peer);
                } catch (ChildTrouble e) {
                    failed(peer, "start", round, e);
                }
            }
        }
        for (PeerName peer : needed) {
            try {
                if (!isLeftOut(peer)) {
                    pair(peer).awaitReady();
                }
            } catch (ChildTrouble e) {
                failed(peer, "start", round, e);
            }
        }
    }

    private Pair pair(PeerName peer) throws ChildTrouble {
        synchronized (pairs) {
            if (closed) {
                throw new ChildTrouble("the run was ended");
            }
            Pair running = pairs.get(peer);
            if (running == null) {
                running = Pair.start(peer, children);
                pairs.put(peer, running);
            }
            return running;
        }
    }

    private void endAll() {
        List<Pair> ending;
        synchronized (pairs) {
            ending = List.copyOf(pairs.values());
            pairs.clear();
        }
        ending.forEach(Pair::askToEnd);
        ending.forEach(Pair::end);
    }

    /** Ends all processes and removes all files; from any thread. Idempotent. */
    @Override
    public void close() {
        synchronized (pairs) {
            closed = true;
        }
        endAll();
        directory.delete();
    }
}
