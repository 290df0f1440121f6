package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.node.ActorDecorator;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.lifecycle.group.GroupEffect;
import io.smc4j.protocol.lifecycle.group.GroupEvent;
import io.smc4j.protocol.lifecycle.group.GroupRole;
import io.smc4j.protocol.lifecycle.group.GroupTimeouts;
import io.smc4j.protocol.lifecycle.group.LinkGroupMachine;
import io.smc4j.protocol.lifecycle.group.LinkGroupState;
import io.smc4j.protocol.lifecycle.group.LocalPort;
import io.smc4j.protocol.lifecycle.group.Step;
import io.smc4j.protocol.llc.LlcConfirmRkey;
import io.smc4j.protocol.llc.LlcDeleteLink;
import io.smc4j.protocol.llc.LlcMessage;
import io.smc4j.protocol.llc.LlcTestLink;
import io.smc4j.rdma.AsyncEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** a completion error, a port event and the timeout of TEST LINK take the same link down. The group hears of it once. */
@Timeout(60)
class R53LinkDownReportedThriceTest {
    @ParameterizedTest
    @ValueSource(strings = {"BPT", "BTP", "PBT", "PTB", "TBP", "TPB"})
    void shouldFailOverOnce(String order) throws Exception {
        try (BenchA bench = new BenchA(1, 2, "smc4j.llc.test-link-interval = 1 s", ActorDecorator.NONE)) {
            BenchA.Listed server = bench.listedServer(2);
            FakeQpA second = bench.secondLink(server);
            bench.advance(Duration.ofSeconds(1)); // TEST LINK on both
            second.receive(second.expect(LlcTestLink.class).answer());
            for (char what : order.toCharArray()) {
                switch (what) {
                    case 'B' -> {
                        bench.device()
                                .raise(new AsyncEvent.QueuePairFatal(
                                        server.link1().number()));
                        server.link1().breakNow();
                    }
                    case 'P' -> bench.portDown(server.group(), 1);
                    default -> bench.advance(Duration.ofSeconds(2));
                }
            }
            List<LlcDeleteLink> told = new ArrayList<>();
            while (told.isEmpty()) {
                keepDeletes(second.next(), told);
            }
            second.receive(new LlcDeleteLink(2, true, false, true, 1, 0));
            second.receive(LlcConfirmRkey.request(2, 0x7777, 0x7777, List.of()));
            LlcMessage message = second.next();
            while (!(message instanceof LlcConfirmRkey)) { // its answer: all before it was heard
                keepDeletes(message, told);
                message = second.next();
            }
            // A replacement may have been tried on the port and given up since: that is another link.
            assertThat(told).filteredOn(delete -> delete.linkNumber() == 1).hasSize(1);
            assertThat(bench.unlisted()).isZero();
        }
    }

    @Test
    void shouldDoNothingAtTheSecondReport() {
        LocalPort port = new LocalPort("fake0", 1);
        LinkGroupState state = LinkGroupState.smcR(
                GroupRole.SERVER, GroupTimeouts.linux(GroupRole.SERVER), 1, 16, new TreeSet<>(List.of(port)));
        for (GroupEvent event : List.of(
                new GroupEvent.StartFirstContact(port, Gid.NONE),
                new GroupEvent.Join(1, OptionalInt.empty()),
                new GroupEvent.LinkPrepared(1, 1))) {
            state = LinkGroupMachine.step(state, event).state();
        }
        GroupEvent down = new GroupEvent.LinkDown(1, 1);
        Step first = LinkGroupMachine.step(state, down);
        assertThat(first.effects()).contains(new GroupEffect.ClearLink(1, 1));
        Step second = LinkGroupMachine.step(first.state(), down);
        assertThat(second.effects()).isEmpty();
        assertThat(second.state()).isEqualTo(first.state());
    }

    private static void keepDeletes(LlcMessage message, List<LlcDeleteLink> deletes) {
        if (message instanceof LlcDeleteLink delete) {
            deletes.add(delete);
        }
    }
}
