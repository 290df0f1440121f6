package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.group.JoinReply;
import io.smc4j.protocol.llc.LlcConfirmRkey;
import io.smc4j.protocol.llc.LlcDeleteLink;
import io.smc4j.protocol.llc.LlcMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * the client's link fails in the middle of an rkey flow: whoever handles the one must not wait for the other. Nobody waits
 * here; no time passes in these tests, so a wait for a deadline would be for ever.
 */
@Timeout(60)
class R38LinkDownInRkeyFlowTest {
    @Test
    void shouldMoveTheClientsFlowToTheOtherLinkAtOnce() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed client = bench.listedClient(2);
            FakeQpA second = bench.secondLinkOfClient(client);
            BenchA.Handshake handshake = bench.joinClient(client.group(), false, 2);
            LlcConfirmRkey onOld = client.link1().expect(LlcConfirmRkey.class);
            client.link1().breakNow();
            LlcDeleteLink told = null;
            LlcConfirmRkey again = null;
            while (told == null || again == null) {
                LlcMessage message = second.next();
                if (message instanceof LlcDeleteLink delete) {
                    told = delete;
                } else {
                    again = (LlcConfirmRkey) message;
                }
            }
            assertThat(told.response()).isFalse();
            assertThat(told.linkNumber()).isEqualTo(1);
            assertThat(again.rkey()).isEqualTo(onOld.rkey());
            second.receive(again.answer(true));
            handshake.expect(JoinReply.Offered.class);
        }
    }

    @Test
    void shouldEndTheFlowWithTheGroupIfThereIsNoOtherLink() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed client = bench.listedClient(1);
            BenchA.Handshake handshake = bench.joinClient(client.group(), false, 2);
            client.link1().expect(LlcConfirmRkey.class);
            client.link1().breakNow();
            handshake.expect(JoinReply.Failed.class);
            bench.awaitStopped(client.group());
            bench.assertNothingLeft();
        }
    }
}
