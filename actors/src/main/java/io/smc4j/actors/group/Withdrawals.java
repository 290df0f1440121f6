package io.smc4j.actors.group;

import io.smc4j.actors.datapath.PeerRmbe;
import io.smc4j.actors.datapath.SmcrEndpoint;
import io.smc4j.protocol.llc.LlcMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * DELETE RKEY of a peer for RMBs that connections of ours write to: answered when they write no more.
 *
 * <p>The peer uses the buffer again after the answer, so a write that came later would land in another connection's data.
 * Mostly the peer has closed or aborted its end before, and we know. A connection that knows nothing of that, because the peer's
 * handshake failed after ours was complete or its last message was lost, is ended. Confined to the group's turn.
 */
final class Withdrawals {
    /** What is on its way over another device's queue is seen by then. */
    private static final Duration RECHECK = Duration.ofMillis(20);

    /** After so many checks nobody waits for the answer any more. */
    private static final int MOST_CHECKS = 500;

    private final SmcrLinkGroup group;

    Withdrawals(SmcrLinkGroup group) {
        this.group = group;
    }

    /** Answers on {@code on} as soon as nobody of {@code users} can write any more. */
    void answer(LinkSlot on, LlcMessage answer, List<PeerRmbe> users) {
        List<SmcrMember> writers = new ArrayList<>();
        for (SmcrMember member : group.members(users)) {
            if (member.open) {
                writers.add(member);
            } else {
                group.peerWithdrew(member); // has written nothing, and must not begin
            }
        }
        check(on, answer, writers, 0);
    }

    private void check(LinkSlot on, LlcMessage answer, List<SmcrMember> writers, int checks) {
        List<SmcrMember> left = new ArrayList<>();
        for (SmcrMember member : writers) {
            if (group.isMember(member) && !isOver(member.endpoint)) {
                left.add(member);
            }
        }
        if (left.isEmpty()) {
            if (group.slot(on.number) == on) {
                group.tellLink(on, answer);
            }
            return;
        }
        if (checks == 1) {
            left.stream().filter(member -> !knows(member.endpoint)).forEach(group::peerWithdrew);
        }
        if (checks < MOST_CHECKS) {
            group.later(RECHECK, () -> check(on, answer, left, checks + 1));
        }
    }

    private static boolean knows(@Nullable SmcrEndpoint endpoint) {
        return endpoint == null || endpoint.peerReadsNoMore();
    }

    /** First whether it may write, then whether it has: what it wrote before it was told is counted. */
    private static boolean isOver(@Nullable SmcrEndpoint endpoint) {
        return endpoint == null || (endpoint.peerReadsNoMore() && endpoint.inFlight() == 0);
    }
}
