package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.group.JoinReply;
import io.smc4j.actors.group.LinkGroup;
import io.smc4j.protocol.clc.DiagnosisCode;
import io.smc4j.protocol.lifecycle.group.GroupRole;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** the second half of something fails. The first half goes back the way it came, and the next one finds all of it. */
@Timeout(60)
class R54PartialBufferCreationTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1}) // the RMB's registration fails, or the send buffer's
    void shouldGiveBackTheHalfOfABufferThatThereIs(int succeed) throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = bench.listedServer(1);
            int regions = bench.device().openRegions();
            long bytes = bench.budget.used();
            bench.device().registrationsLeft.set(succeed);
            JoinReply.Failed failed = bench.joinServer(server.group()).expect(JoinReply.Failed.class);
            assertThat(failed.reason()).isEqualTo(DiagnosisCode.MEM);
            assertThat(bench.device().openRegions()).isEqualTo(regions);
            assertThat(bench.budget.used()).isEqualTo(bytes);
            BenchB.open(bench, server, server.link1(), 2); // others go on
            assertThat(bench.device().openRegions()).isEqualTo(2 * regions - 1); // the link's slab is there once
        }
    }

    @Test
    void shouldGiveBackTheControlBuffersOfAQueuePairThatCannotBeUsed() throws Exception {
        try (BenchA bench = new BenchA()) {
            bench.device().refusesInit = true;
            ActorRef<LinkGroup.Command> group = bench.group(GroupRole.SERVER, 1);
            bench.joinServer(group).expect(JoinReply.Failed.class);
            bench.awaitStopped(group);
            bench.assertNothingLeft();
        }
    }

    @Test
    void shouldDestroyAQueuePairThatHasNoControlBuffers() throws Exception {
        try (BenchA bench = new BenchA()) {
            bench.device().registrationsLeft.set(0);
            ActorRef<LinkGroup.Command> group = bench.group(GroupRole.SERVER, 1);
            bench.joinServer(group).expect(JoinReply.Failed.class);
            bench.awaitStopped(group);
            bench.assertNothingLeft();
        }
    }
}
