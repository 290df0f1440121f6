package io.smc4j.protocol.lifecycle.group;

import io.smc4j.protocol.lifecycle.group.GroupEnd.Member;
import io.smc4j.protocol.lifecycle.group.GroupEnd.Owner;
import io.smc4j.protocol.lifecycle.group.TwoGroups.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** What can happen next in the explorer's world. */
final class Happenings {
    private final TwoGroups world;

    Happenings(TwoGroups world) {
        this.world = world;
    }

    List<Action> all() {
        List<Action> all = new ArrayList<>();
        if (world.accept) {
            all.add(new Action(() -> "client gets ACCEPT", false, w -> {
                w.accept = false;
                w.client.feed(
                        w,
                        new GroupEvent.StartFirstContact(
                                TwoGroups.port(GroupRole.CLIENT, 1), TwoGroups.gid(GroupRole.SERVER, 1)));
            }));
        }
        if (world.confirm) {
            all.add(new Action(() -> "server gets CONFIRM", false, w -> {
                w.confirm = false;
                w.server.feed(w, new GroupEvent.PeerKnown(TwoGroups.gid(GroupRole.CLIENT, 1)));
            }));
        }
        for (GroupRole role : GroupRole.values()) {
            if (!world.end(role).over()) {
                addOwners(role, all);
                addMessages(role, all);
                addDeadlines(role, all);
                addEnd(role, all);
                addMembers(role, all);
            }
        }
        if (world.portUp) {
            all.add(new Action(() -> "second port of the server comes up", true, w -> {
                w.portUp = false;
                w.feed(GroupRole.SERVER, new GroupEvent.PortUp(TwoGroups.port(GroupRole.SERVER, 2)));
            }));
        }
        return all;
    }

    private static void add(List<Action> to, GroupRole role, boolean external, GroupEvent event) {
        to.add(new Action(() -> role + ": " + event, external, w -> w.feed(role, event)));
    }

    private void addOwners(GroupRole role, List<Action> to) {
        GroupEnd end = world.end(role);
        end.owners.forEach((number, owner) -> {
            int incarnation = end.incarnations.getOrDefault(number, 0);
            switch (owner) {
                case CREATING ->
                    owner(to, role, number, Owner.PREPARED, new GroupEvent.LinkPrepared(number, incarnation));
                case READYING -> owner(to, role, number, Owner.READY, new GroupEvent.LinkReady(number, incarnation));
                case CLEARING ->
                    to.add(new Action(() -> role + ": link " + number + " is cleared", false, w -> {
                        w.end(role).owners.remove(number);
                        w.feed(role, new GroupEvent.LinkCleared(number, incarnation));
                    }));
                case PREPARED, READY -> {}
            }
            if (owner == Owner.CLEARING) {
                return;
            }
            GroupEvent down = new GroupEvent.LinkDown(number, incarnation);
            if (world.broken.contains(number) && owner != Owner.CREATING) {
                add(to, role, false, down);
            } else if (world.failures > 0) {
                to.add(new Action(() -> role + ": link " + number + " fails", true, w -> {
                    w.failures--;
                    w.breakLink(number);
                    w.feed(role, down);
                }));
            }
        });
    }

    private static void owner(List<Action> to, GroupRole role, int number, Owner next, GroupEvent event) {
        to.add(new Action(() -> role + ": " + event, false, w -> {
            w.end(role).owners.put(number, next);
            w.feed(role, event);
        }));
    }

    private void addMessages(GroupRole role, List<Action> to) {
        (role == GroupRole.SERVER ? world.toServer : world.toClient).forEach((on, all) -> {
            if (!all.isEmpty() && world.end(role).receives(on)) {
                Llc message = all.getFirst();
                to.add(new Action(() -> role + " receives " + message + " on link " + on, false, w -> {
                    (role == GroupRole.SERVER ? w.toServer : w.toClient).get(on).removeFirst();
                    w.receive(role, on, message);
                }));
            }
        });
    }

    private void addDeadlines(GroupRole role, List<Action> to) {
        GroupEnd end = world.end(role);
        if (end.flowTimed()) {
            to.add(new Action(
                    () -> role + ": deadline of " + end.state.flow(),
                    false,
                    w -> w.feed(
                            role,
                            new GroupEvent.FlowDeadline(w.end(role).state.flow().id()))));
        }
        for (int i = 0; i < end.state.waiting().size(); i++) {
            int index = i;
            to.add(new Action(
                    () -> role + ": deadline of " + end.state.waiting().get(index),
                    false,
                    w -> w.feed(
                            role,
                            new GroupEvent.RequestDeadline(
                                    w.end(role).state.waiting().get(index).id()))));
        }
    }

    private void addEnd(GroupRole role, List<Action> to) {
        GroupEnd end = world.end(role);
        if (end.notifying) {
            to.add(new Action(() -> role + ": PeerNotified", false, w -> {
                w.end(role).notifying = false;
                w.feed(role, new GroupEvent.PeerNotified());
            }));
        }
        if (end.state.phase().terminating()) {
            if (world.options.slowEnd()) {
                add(to, role, true, new GroupEvent.StepDeadline(end.state.phase()));
            }
        } else if (world.options.terminate()) {
            add(to, role, true, new GroupEvent.Terminate(TerminationCause.NODE_SHUTDOWN));
        }
    }

    private void addMembers(GroupRole role, List<Action> to) {
        GroupEnd end = world.end(role);
        if (role == GroupRole.SERVER
                && world.joined < world.options.connections()
                && end.state.phase() == GroupPhase.LISTED) {
            to.add(new Action(() -> "another connection joins the server", true, w -> {
                w.join(w.server, ++w.joined, OptionalInt.empty());
            }));
        }
        if (role == GroupRole.CLIENT && end.state.phase() != GroupPhase.FORMING) {
            world.accepts.forEach((connection, link) -> {
                if (link > 0) {
                    to.add(new Action(
                            () -> "connection " + connection + " joins the client on link " + link, false, w -> {
                                w.accepts.put(connection, -1);
                                w.join(w.client, connection, OptionalInt.of(link));
                            }));
                }
            });
        }
        end.members.forEach((connection, member) -> {
            if (member != Member.GONE) {
                boolean must = member == Member.FAILED || end.state.phase().terminating();
                to.add(new Action(
                        () -> role + ": connection " + connection + " leaves",
                        !must,
                        w -> w.leave(w.end(role), connection)));
            }
        });
    }
}
