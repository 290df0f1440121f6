package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.group.JoinReply;
import io.smc4j.protocol.llc.LlcAddLink;
import io.smc4j.protocol.llc.LlcConfirmRkey;
import io.smc4j.protocol.llc.LlcDeleteLink;
import io.smc4j.protocol.llc.LlcMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** the peer answers twice; the second answer must not pass for the answer to the next request. */
@Timeout(60)
class R13ResponseSentTwiceTest {
    @Test
    void shouldNotTakeASecondAnswerForAnotherConnectionsKey() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = bench.listedServer(1);
            BenchA.Handshake first = bench.joinServer(server.group());
            BenchA.Handshake second = bench.joinServer(server.group());
            LlcMessage answer = server.link1().expect(LlcConfirmRkey.class).answer(true);
            server.link1().receive(answer);
            LlcConfirmRkey next = server.link1().expect(LlcConfirmRkey.class);
            server.link1().receive(answer);
            first.expect(JoinReply.Offered.class);
            server.link1().receive(next.answer(false));
            assertThat(second.expect(JoinReply.Failed.class).detail()).contains("did not confirm");
        }
    }

    @Test
    void shouldNotTakeTheAnswerAboutAnotherLinkForTheOneAwaited() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = bench.listedServer(2);
            FakeQpA second = bench.secondLink(server);
            server.link1().breakNow();
            LlcDeleteLink request = second.expect(LlcDeleteLink.class);
            second.receive(new LlcDeleteLink(2, true, false, true, request.linkNumber() + 7, 0));
            second.receive(new LlcDeleteLink(2, true, false, true, request.linkNumber() + 7, 0));
            BenchA.Handshake next = bench.joinServer(server.group());
            bench.everythingHeard(second); // and nothing new was begun
            second.receive(new LlcDeleteLink(2, true, false, true, request.linkNumber(), 0));
            LlcMessage begun = second.expect(LlcMessage.class); // only now the next flow begins
            if (begun instanceof LlcAddLink another) { // that for a link in the place of the first may be faster
                second.receive(another.reject());
                begun = second.expect(LlcConfirmRkey.class);
            }
            assertThat(begun).isInstanceOfSatisfying(LlcConfirmRkey.class, key -> second.receive(key.answer(true)));
            assertThat(next.expect(JoinReply.Offered.class).offer().firstContact())
                    .isFalse();
        }
    }
}
