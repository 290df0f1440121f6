package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.group.JoinReply;
import io.smc4j.actors.group.LinkGroup;
import io.smc4j.protocol.lifecycle.group.TerminationCause;
import io.smc4j.protocol.llc.LlcConfirmRkey;
import io.smc4j.protocol.llc.LlcDeleteLink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** an ADD LINK waits for the running flow, and the link it came on dies meanwhile; or the group ends. */
@Timeout(60)
class R12DelayedEventOnDeadLinkTest {
    @Test
    void shouldForgetADelayedMessageWhoseLinkIsGone() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed client = bench.listedClient(2);
            FakeQpA second = bench.secondLinkOfClient(client);
            BenchA.Handshake handshake = bench.joinClient(client.group(), false, 2);
            LlcConfirmRkey asked = client.link1().expect(LlcConfirmRkey.class);
            second.receive(BenchA.addLink(false, 3, 3));
            bench.everythingHeard(second);
            second.breakNow();
            assertThat(client.link1().expect(LlcDeleteLink.class).linkNumber()).isEqualTo(2);
            BenchA.until(() -> assertThat(bench.device().openQueuePairs()).isEqualTo(1));
            client.link1().receive(asked.answer(true)); // the flow is over: now the delayed message's turn
            handshake.expect(JoinReply.Offered.class);
            bench.everythingHeard(client.link1());
            assertThat(bench.device().queuePairs).as("no link was begun").hasSize(2);
        }
    }

    @Test
    void shouldForgetADelayedMessageWhenTheGroupEnds() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed client = bench.listedClient(2);
            BenchA.Handshake handshake = bench.joinClient(client.group(), false, 2);
            client.link1().expect(LlcConfirmRkey.class);
            client.link1().receive(BenchA.addLink(false, 2, 2));
            bench.everythingHeard(client.link1());
            client.group().tell(new LinkGroup.Terminate(TerminationCause.NODE_SHUTDOWN));
            handshake.expect(JoinReply.Failed.class);
            bench.awaitStopped(client.group());
            assertThat(bench.device().queuePairs).as("no link was begun").hasSize(1);
            bench.assertNothingLeft();
        }
    }
}
