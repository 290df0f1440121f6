package io.smc4j.protocol.lifecycle.group;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.lifecycle.group.GroupEnd.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The world of the explorer: a server's and a client's link group, the links between them, the handshakes, and what else can
 * happen to them. Mutable; every action is applied to a copy.
 */
final class TwoGroups {
    /**
     * What the world may do besides delivering messages, completing work and firing deadlines of flows.
     *
     * @param listed begin with an established group of one link, else with first contact
     * @param connections how many may join
     * @param failures how many links may fail by themselves
     * @param serverPorts ports of the server that are up at first
     * @param clientPorts ports of the client
     * @param portUp whether the server's second port may come up
     * @param terminate whether either node may end its group
     * @param slowEnd whether deadlines of termination may pass
     */
    record Options(
            boolean listed,
            int connections,
            int failures,
            int serverPorts,
            int clientPorts,
            boolean portUp,
            boolean terminate,
            boolean slowEnd) {}

    /** Something that can happen. @param external whether it is nobody's duty */
    record Action(Supplier<String> name, boolean external, Consumer<TwoGroups> effect) {}

    private static final GroupTimeouts TIMEOUTS = new GroupTimeouts(
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(4),
            Duration.ofSeconds(20),
            Duration.ofSeconds(600),
            Duration.ofSeconds(2));

    final Options options;
    final GroupEnd server;
    final GroupEnd client;
    final Map<Integer, List<Llc>> toServer = new TreeMap<>();
    final Map<Integer, List<Llc>> toClient = new TreeMap<>();
    final SortedSet<Integer> broken = new TreeSet<>();
    /** Per connection: 0 none, the link that ACCEPT named, or -1 when the handshake is over or the client has it. */
    final Map<Long, Integer> accepts = new TreeMap<>();

    int failures;
    long joined;
    /** First contact: ACCEPT and CONFIRM on their way. */
    boolean accept;

    boolean confirm;
    boolean portUp;
    private @Nullable List<String> trace;

    TwoGroups(Options options) {
        this.options = options;
        failures = options.failures();
        portUp = options.portUp();
        server =
                new GroupEnd(LinkGroupState.smcR(GroupRole.SERVER, TIMEOUTS, 2, 16, ports("s", options.serverPorts())));
        client =
                new GroupEnd(LinkGroupState.smcR(GroupRole.CLIENT, TIMEOUTS, 2, 16, ports("c", options.clientPorts())));
        server.feed(this, new GroupEvent.StartFirstContact(port(GroupRole.SERVER, 1), Gid.NONE));
        if (options.listed()) {
            while (server.state.phase() != GroupPhase.LISTED) {
                actions().stream()
                        .filter(a -> !a.external() && !a.name().get().contains("deadline"))
                        .findFirst()
                        .orElseThrow()
                        .effect()
                        .accept(this);
            }
        }
    }

    TwoGroups(TwoGroups other) {
        options = other.options;
        server = new GroupEnd(other.server);
        client = new GroupEnd(other.client);
        other.toServer.forEach((link, all) -> toServer.put(link, new ArrayList<>(all)));
        other.toClient.forEach((link, all) -> toClient.put(link, new ArrayList<>(all)));
        broken.addAll(other.broken);
        accepts.putAll(other.accepts);
        failures = other.failures;
        joined = other.joined;
        accept = other.accept;
        confirm = other.confirm;
        portUp = other.portUp;
    }

    private static SortedSet<LocalPort> ports(String device, int count) {
        SortedSet<LocalPort> ports = new TreeSet<>();
        for (int i = 1; i <= count; i++) {
            ports.add(new LocalPort(device, i));
        }
        return ports;
    }

    static LocalPort port(GroupRole role, int port) {
        return new LocalPort(role == GroupRole.SERVER ? "s" : "c", port);
    }

    static Gid gid(GroupRole role, int port) {
        return Gid.ofIpv4Mapped((role == GroupRole.SERVER ? 0x0A000100 : 0x0A000200) + port);
    }

    GroupEnd end(GroupRole role) {
        return role == GroupRole.SERVER ? server : client;
    }

    private GroupEnd other(GroupEnd end) {
        return end == server ? client : server;
    }

    // ---- what the ends do to the world ----

    void prepared(GroupRole role, int number) {
        if (!other(end(role)).owners.containsKey(number)) {
            broken.remove(number);
        }
    }

    void breakLink(int number) {
        broken.add(number);
        toServer.remove(number);
        toClient.remove(number);
    }

    void send(GroupRole from, int on, Llc message) {
        if (!broken.contains(on)) {
            (from == GroupRole.SERVER ? toClient : toServer)
                    .computeIfAbsent(on, link -> new ArrayList<>())
                    .add(message);
        }
    }

    void firstLinkPrepared(GroupRole role) {
        accept |= role == GroupRole.SERVER;
        confirm |= role == GroupRole.CLIENT;
    }

    void rkeyConfirmed(GroupEnd end, long connection, boolean confirmed) {
        if (end == server) {
            accepts.put(connection, confirmed ? server.state.connections().getOrDefault(connection, -1) : -1);
        }
    }

    // ---- what can happen ----

    List<Action> actions() {
        return new Happenings(this).all();
    }

    void feed(GroupRole role, GroupEvent event) {
        end(role).feed(this, event);
    }

    /** As the dispatch of LLC messages does it. */
    void receive(GroupRole role, int on, Llc m) {
        Gid peer = gid(role == GroupRole.SERVER ? GroupRole.CLIENT : GroupRole.SERVER, m.port());
        switch (m.kind()) {
            case CONFIRM_LINK -> feed(role, new GroupEvent.ConfirmLinkRequest(on, m.argument()));
            case CONFIRM_LINK_ANSWER -> feed(role, new GroupEvent.ConfirmLinkResponse(on));
            case ADD_LINK -> feed(role, new GroupEvent.AddLinkRequest(on, m.argument(), peer, true));
            case ADD_LINK_ANSWER -> feed(role, new GroupEvent.AddLinkResponse(on, m.argument(), false, peer));
            case ADD_LINK_REJECT -> feed(role, new GroupEvent.AddLinkResponse(on, m.argument(), true, peer));
            case REQUEST_ADD_LINK -> feed(role, new GroupEvent.AddLinkInvited(on));
            case DELETE_LINK -> feed(role, new GroupEvent.DeleteLinkRequest(on, m.argument()));
            case DELETE_LINK_ANSWER -> feed(role, new GroupEvent.DeleteLinkResponse(on));
            case DELETE_ALL -> feed(role, new GroupEvent.DeleteAllRequest(on));
            case CONFIRM_RKEY -> send(role, on, new Llc(Llc.Kind.CONFIRM_RKEY_ANSWER, m.argument(), 0));
            case DELETE_RKEY -> send(role, on, new Llc(Llc.Kind.DELETE_RKEY_ANSWER, m.argument(), 0));
            case CONFIRM_RKEY_ANSWER -> feed(role, new GroupEvent.ConfirmRkeyResponse(on, m.argument(), false));
            case DELETE_RKEY_ANSWER -> feed(role, new GroupEvent.DeleteRkeyResponse(on, false));
        }
    }

    void join(GroupEnd end, long connection, OptionalInt link) {
        end.feed(this, new GroupEvent.Join(connection, link));
        if (end.members.get(connection) == Member.CONFIRMING) {
            end.confirming.add(connection);
            end.feed(this, new GroupEvent.ConfirmRkeyWanted(connection));
        }
    }

    void leave(GroupEnd end, long connection) {
        boolean known = end.members.get(connection) == Member.OPEN;
        end.members.put(connection, Member.GONE);
        if (end == server) {
            accepts.put(connection, -1);
        }
        if (known && end.state.phase() == GroupPhase.LISTED) {
            end.deleting.add(connection);
            end.feed(this, new GroupEvent.DeleteRkeyWanted(connection));
        }
        end.feed(this, new GroupEvent.Left(connection));
    }

    // ---- what must hold when nothing is left to do ----

    void checkQuiet() {
        GroupEnd.check(server.over() == client.over() || neverStarted(), "one end is freed, the other stays for ever");
        if (server.state.phase() == GroupPhase.LISTED && client.state.phase() == GroupPhase.LISTED) {
            for (int number = 1; number < 20; number++) {
                GroupEnd.check(server.active(number) == client.active(number), "only one end has link %s", number);
            }
        } else {
            GroupEnd.check(
                    !server.state.phase().terminating() || server.over(), "the server's end does not come to an end");
            GroupEnd.check(
                    !client.state.phase().terminating() || client.over(), "the client's end does not come to an end");
        }
    }

    private boolean neverStarted() {
        return client.state.phase() == GroupPhase.FORMING
                        && client.state.links().isEmpty()
                || server.state.phase() == GroupPhase.FORMING;
    }

    /** Whatever does not happen any more: deadlines alone must end a group that terminates. */
    void checkEndsByDeadlines() {
        for (GroupEnd end : List.of(server, client)) {
            LinkGroupState state = end.state;
            for (int i = 0; i < 6 && state.phase().terminating() && state.phase() != GroupPhase.FREED; i++) {
                state = LinkGroupMachine.step(state, new GroupEvent.StepDeadline(state.phase()))
                        .state();
            }
            GroupEnd.check(
                    !state.phase().terminating() || state.phase() == GroupPhase.FREED, "six deadlines do not end it");
        }
    }

    // ---- telling worlds apart, and telling about them ----

    /** Equal for worlds that behave alike: ids are left out where only their order matters. */
    Fingerprint fingerprint() {
        Fingerprint f = new Fingerprint();
        for (GroupEnd end : List.of(server, client)) {
            f.add(end);
        }
        f.add(toServer).add(toClient).add(broken).addAccepts(accepts);
        return f.add(failures).add((int) joined).add((accept ? 1 : 0) + (confirm ? 2 : 0) + (portUp ? 4 : 0));
    }

    void record(List<String> into) {
        trace = into;
    }

    void log(GroupRole role, GroupEvent event, Step step) {
        if (trace != null) {
            trace.add("      " + role + " takes " + event + " -> " + step.effects() + " "
                    + step.state().phase());
        }
    }
}
