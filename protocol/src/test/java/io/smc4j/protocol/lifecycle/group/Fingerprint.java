package io.smc4j.protocol.lifecycle.group;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/** 128 bits that tell worlds of the explorer apart. */
final class Fingerprint {
    /** The result. */
    record Value(long high, long low) {}

    private long high = 0x9E3779B97F4A7C15L;
    private long low = 0xC2B2AE3D27D4EB4FL;

    Value value() {
        return new Value(mix(high), mix(low));
    }

    private static long mix(long x) {
        long y = (x ^ (x >>> 33)) * 0xFF51AFD7ED558CCDL;
        y = (y ^ (y >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return y ^ (y >>> 33);
    }

    Fingerprint add(int value) {
        high = mix(high ^ value) + 0x632BE59BD9B4E019L;
        low = mix(low * 31 + value);
        return this;
    }

    Fingerprint add(Map<Integer, List<Llc>> channels) {
        channels.forEach((link, all) -> {
            if (!all.isEmpty()) {
                add(link).add(all.size());
                all.forEach(m -> add(m.kind().ordinal()).add(m.argument()).add(m.port()));
            }
        });
        return add(-1);
    }

    Fingerprint add(SortedSet<Integer> numbers) {
        numbers.forEach(this::add);
        return add(-2);
    }

    Fingerprint addAccepts(Map<Long, Integer> accepts) {
        accepts.forEach((connection, link) -> add(connection.intValue()).add(link));
        return add(-3);
    }

    Fingerprint add(GroupEnd end) {
        LinkGroupState s = end.state;
        add(s.phase().ordinal()).add((s.escalated() ? 1 : 0) + (s.quarantine() ? 2 : 0) + (end.notifying ? 4 : 0));
        if (end.over()) {
            return this;
        }
        add(s.cause().map(Enum::ordinal).orElse(-1));
        s.links()
                .values()
                .forEach(link -> add(link.number())
                        .add(link.stage().ordinal())
                        .add(link.local().port())
                        .add((int) link.peer().low())
                        .add((int) link.unansweredDelete().orElse(-1)));
        add(-4).add(end.role == GroupRole.SERVER ? s.nextIncarnation() : 0);
        s.connections().forEach((connection, link) -> add(connection.intValue()).add(link));
        add(-5).add(s.ports().size());
        add(s.flow());
        s.waiting().forEach(this::add);
        add(-6);
        add(s.delayed().map(e -> e.toString().hashCode()).orElse(0));
        end.owners.forEach((number, owner) -> add(number).add(owner.ordinal()));
        add(-7);
        end.members.forEach((connection, member) -> add(connection.intValue()).add(member.ordinal()));
        end.confirming.forEach(c -> add(c.intValue() + 100));
        end.deleting.forEach(c -> add(c.intValue() + 200));
        return add(-8);
    }

    private void add(Flow flow) {
        switch (flow) {
            case Flow.None f -> add(0);
            case Flow.FirstContact f -> add(1).add(f.stage().ordinal());
            case Flow.AddLink f ->
                add(2).add(f.on()).add(f.number()).add(f.stage().ordinal());
            case Flow.DeleteLink f -> add(3).add(f.on()).add(f.number());
            case Flow.ConfirmRkey f -> add(4).add(f.on()).add((int) f.connection());
            case Flow.DeleteRkey f -> add(5).add(f.on()).add((int) f.buffer());
        }
    }

    private void add(FlowRequest request) {
        switch (request) {
            case FlowRequest.WantLink w -> add(11);
            case FlowRequest.WantDelete w ->
                add(12).add(w.number()).add(w.cause().ordinal());
            case FlowRequest.WantRkeyConfirmed w -> add(13).add((int) w.connection());
            case FlowRequest.WantRkeyDeleted w -> add(14).add((int) w.buffer());
        }
    }
}
