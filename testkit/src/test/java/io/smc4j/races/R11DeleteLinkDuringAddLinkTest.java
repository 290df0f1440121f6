package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.group.JoinReply;
import io.smc4j.protocol.llc.LlcAddLink;
import io.smc4j.protocol.llc.LlcConfirmRkey;
import io.smc4j.protocol.llc.LlcDeleteLink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** DELETE LINK comes while an ADD LINK flow waits. */
@Timeout(60)
class R11DeleteLinkDuringAddLinkTest {
    private static LlcDeleteLink delete(int number) {
        return new LlcDeleteLink(2, false, false, true, number, 0);
    }

    @Test
    void shouldGiveTheNewLinkUpWhenTheClientAnswersAddLinkWithDeleteLink() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = bench.listedServer(2);
            int number = server.link1().expect(LlcAddLink.class).linkNumber();
            server.link1().receive(delete(number));
            BenchA.until(() -> assertThat(bench.device().openQueuePairs()).isEqualTo(1));
            BenchA.Handshake handshake = bench.joinServer(server.group());
            bench.offered(handshake, server.link1()); // the slot of flows is free again
        }
    }

    @Test
    void shouldAnswerAndGiveUpWhenTheServerDeletesTheLinkThatTheClientBuilds() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed client = bench.listedClient(2);
            client.link1().receive(BenchA.addLink(false, 2, 2));
            client.link1().expect(LlcAddLink.class);
            client.link1().receive(delete(2));
            LlcDeleteLink answer = client.link1().expect(LlcDeleteLink.class);
            assertThat(answer.response()).isTrue();
            BenchA.until(() -> assertThat(bench.device().openQueuePairs()).isEqualTo(1));
            BenchA.Handshake handshake = bench.joinClient(client.group(), false, 2);
            bench.offered(handshake, client.link1());
        }
    }

    @Test
    void shouldKeepAnAddLinkThatComesDuringAnotherFlowAndDoItThen() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed client = bench.listedClient(2);
            BenchA.Handshake handshake = bench.joinClient(client.group(), false, 2);
            LlcConfirmRkey asked = client.link1().expect(LlcConfirmRkey.class);
            client.link1().receive(BenchA.addLink(false, 2, 2));
            client.link1().receive(BenchA.addLink(false, 3, 2)); // a second one must not replace the first
            bench.everythingHeard(client.link1());
            client.link1().receive(asked.answer(true));
            handshake.expect(JoinReply.Offered.class);
            assertThat(client.link1().expect(LlcAddLink.class).linkNumber()).isEqualTo(2);
        }
    }
}
