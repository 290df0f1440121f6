package io.smc4j.testkit.explore.smc;

import io.smc4j.protocol.lifecycle.group.GroupEvent;
import io.smc4j.protocol.lifecycle.group.GroupRole;
import io.smc4j.protocol.lifecycle.group.GroupTimeouts;
import io.smc4j.protocol.lifecycle.group.LinkGroupState;
import io.smc4j.protocol.lifecycle.group.LocalPort;
import io.smc4j.protocol.lifecycle.link.LinkMachine;
import io.smc4j.testkit.explore.Action;
import io.smc4j.testkit.explore.Fingerprint;
import io.smc4j.testkit.explore.Model;
import io.smc4j.testkit.explore.smc.Peer.Handshake;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Two nodes with a link group between them: the real state machines of group, links and connections at both ends, and models of
 * what they touch: queue pairs and completion queues, messages on links, the TCP connection of handshakes, buffers, registry,
 * applications, bytes. Promises are those of {@link Promise}.
 *
 * <p>One instance serves one exploration; one thread.
 */
public final class SmcModel implements Model<SmcWorld> {
    static final long TEST_LINK_NANOS = LinkMachine.TEST_LINK_INTERVAL_NANOS;

    final SmcParts parts;
    final SmcOptions options;
    private final GroupBook book;
    private @Nullable SmcWorld initial;

    /** The world as it is. */
    public SmcModel(SmcOptions options) {
        this(options, new SmcParts());
    }

    /** A world of which some part is replaced. */
    public SmcModel(SmcOptions options, SmcParts parts) {
        this.options = options;
        this.parts = parts;
        book = new GroupBook(parts);
    }

    @Override
    public String name() {
        return options.toString();
    }

    @Override
    public SmcWorld initial() {
        if (initial == null) {
            initial = prepare();
        }
        return initial;
    }

    /** Goes the straight way, in which nothing fails, to where the exploration is to begin. */
    private SmcWorld prepare() {
        SmcWorld world = new SmcWorld(
                peer(SmcWorld.SERVER, options.serverPorts()),
                peer(SmcWorld.CLIENT, options.clientPorts()),
                options.connections());
        world = step(world, line -> {}, turn -> {
            turn.feed(
                    SmcWorld.SERVER,
                    new GroupEvent.StartFirstContact(Turn.port(SmcWorld.SERVER, 1), io.smc4j.protocol.Gid.NONE));
            if (options.connected() > 0) {
                turn.feed(SmcWorld.SERVER, new GroupEvent.Join(1, OptionalInt.empty()));
            }
        });
        if (options.established()) {
            world = settle(world);
            for (int id = 2; id <= options.connected(); id++) {
                int next = id;
                world = settle(step(world, line -> {}, turn -> turn.handshakes.connect(next)));
            }
            for (int id = 1; id <= options.connected(); id++) {
                if (world.peer(SmcWorld.CLIENT).handshakes[id] != Handshake.OPEN) {
                    throw new IllegalStateException("connection " + id + " is not open where exploration begins");
                }
            }
        }
        SmcWorld ready = new SmcWorld(world);
        for (Budget what : Budget.values()) {
            ready.budget[what.ordinal()] = options.budget(what);
        }
        return ready.sealed();
    }

    private SmcWorld settle(SmcWorld from) {
        SmcWorld world = from;
        for (Action<SmcWorld> next = firstDuty(world); next != null; next = firstDuty(world)) {
            world = next.effect().apply(world, line -> {});
        }
        return world;
    }

    private @Nullable Action<SmcWorld> firstDuty(SmcWorld world) {
        List<Action<SmcWorld>> all = actions(world);
        return !all.isEmpty() && all.getFirst().duty() ? all.getFirst() : null;
    }

    private Peer peer(int side, int count) {
        GroupRole role = side == SmcWorld.SERVER ? GroupRole.SERVER : GroupRole.CLIENT;
        int up = side == SmcWorld.SERVER ? options.serverPortsUp() : count;
        SortedSet<LocalPort> ports = new TreeSet<>();
        for (int i = 1; i <= up; i++) {
            ports.add(Turn.port(side, i));
        }
        LinkGroupState state = LinkGroupState.smcR(role, options.version(), GroupTimeouts.linux(role), 2, 16, ports);
        return new Peer(side, book.page(state), options.connections());
    }

    SmcWorld step(SmcWorld from, Consumer<Supplier<String>> log, Consumer<Turn> effect) {
        Turn turn = new Turn(parts, options, book, new SmcWorld(from), log);
        effect.accept(turn);
        return turn.end();
    }

    /** A node's process dies: of it nothing happens any more, its links carry nothing, its TCP connections are reset. */
    void crash(Turn turn, int side) {
        turn.w.edit(side).crashed = true;
        for (int link = 1; link <= SmcWorld.LINKS; link++) {
            if (turn.w.link(side, link) != null || turn.w.link(1 - side, link) != null) {
                turn.links.broke(link, false);
            }
        }
        for (int id = 0; id <= turn.w.connections(); id++) {
            turn.w.sendTcp(side, id, Tcp.of(Tcp.Kind.RESET));
        }
    }

    @Override
    public List<Action<SmcWorld>> actions(SmcWorld world) {
        return new Happenings(this, world).all();
    }

    @Override
    public void checkRest(SmcWorld world) {
        new RestChecks(this, world).check();
    }

    @Override
    public void fingerprint(SmcWorld world, Fingerprint into) {
        world.fingerprint(into);
    }

    @Override
    public String describe(SmcWorld world) {
        List<String> lines = new ArrayList<>();
        for (int side = 0; side < 2; side++) {
            Peer peer = world.peer(side);
            LinkGroupState s = peer.state();
            lines.add("  %s: %s, %s in the registry, flow %s, waiting %s, connections %s"
                    .formatted(
                            peer.name(),
                            peer.crashed
                                    ? "dead"
                                    : s.phase() + " "
                                            + s.cause().map(Enum::name).orElse(""),
                            peer.registry,
                            s.flow(),
                            s.waiting(),
                            s.connections()));
            for (int i = 1; i < peer.links.length; i++) {
                if (peer.links[i] != null) {
                    lines.add("    link %d: %s, in the book %s%s"
                            .formatted(
                                    i, peer.links[i], s.links().get(i), world.isBroken(i) ? ", carries nothing" : ""));
                }
            }
            for (int i = 1; i < peer.connections.length; i++) {
                if (peer.connections[i] != null || peer.handshakes[i] != Handshake.NONE) {
                    lines.add("    connection %d: handshake %s, %s"
                            .formatted(i, peer.handshakes[i], peer.connections[i]));
                }
            }
            for (int link = 1; link <= SmcWorld.LINKS; link++) {
                for (Msg message : world.lane(side, link)) {
                    lines.add("    to it on link %d: %s%s"
                            .formatted(
                                    link,
                                    message,
                                    message.taken() ? " (taken or lost)" : message.arrived() ? " (arrived)" : ""));
                }
            }
        }
        return String.join(System.lineSeparator(), lines);
    }
}
