package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.group.GroupNotice;
import io.smc4j.actors.group.JoinReply;
import io.smc4j.protocol.llc.LlcAddLink;
import io.smc4j.protocol.llc.LlcConfirmRkey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** the link that carries an ADD LINK flow dies. Time stands still here: nobody may wait for a deadline. */
@Timeout(60)
class R10LinkDownDuringAddLinkTest {
    @Test
    void shouldClearTheNewLinkTooWhenTheServersOnlyLinkDies() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = bench.listedServer(2);
            server.link1().expect(LlcAddLink.class); // sent, and never answered
            assertThat(bench.device().openQueuePairs()).isEqualTo(2);
            server.link1().breakNow();
            bench.awaitNotice(GroupNotice.Unlisted.class);
            bench.awaitStopped(server.group());
            bench.assertNothingLeft();
        }
    }

    @Test
    void shouldClearTheNewLinkTooWhenTheClientsOnlyLinkDies() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed client = bench.listedClient(2);
            client.link1().receive(BenchA.addLink(false, 2, 2));
            client.link1().expect(LlcAddLink.class);
            client.link1().breakNow(); // CONFIRM LINK on the new link will never come
            bench.awaitStopped(client.group());
            bench.assertNothingLeft();
        }
    }

    @Test
    void shouldGoOnWithTheOldLinkWhenTheNewOneDies() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = bench.listedServer(2);
            server.link1().expect(LlcAddLink.class);
            bench.qp(1).breakNow();
            BenchA.until(() -> assertThat(bench.device().openQueuePairs()).isEqualTo(1));
            BenchA.Handshake handshake = bench.joinServer(server.group());
            while (!(server.link1().next() instanceof LlcConfirmRkey asked)) {
                // the new link is taken back first
            }
            server.link1().receive(asked.answer(true));
            handshake.expect(JoinReply.Offered.class);
        }
    }
}
