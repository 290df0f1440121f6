package io.smc4j.races;

import io.smc4j.actors.group.JoinReply;
import io.smc4j.actors.group.LinkGroup;
import io.smc4j.protocol.lifecycle.group.TerminationCause;
import io.smc4j.protocol.llc.LlcConfirmRkey;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** the group terminates exactly while a handshake is being declined because its rkey was not confirmed. */
class R06DoubleConnectionFreeTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFreeTheConnectionOnceAndAnswerOnce(boolean terminateFirst) throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = bench.listedServer(1);
            BenchA.Handshake handshake = bench.joinServer(server.group());
            LlcConfirmRkey refusal = server.link1().expect(LlcConfirmRkey.class).answer(false);
            if (terminateFirst) {
                server.group().tell(new LinkGroup.Terminate(TerminationCause.NODE_SHUTDOWN));
                server.link1().receive(refusal);
            } else {
                server.link1().receive(refusal);
                handshake.expect(JoinReply.Failed.class);
                server.group().tell(new LinkGroup.Terminate(TerminationCause.NODE_SHUTDOWN));
                server.group().tell(new LinkGroup.HandshakeOver(2, "declined"));
            }
            if (terminateFirst) {
                handshake.expect(JoinReply.Failed.class);
            }
            bench.awaitStopped(server.group());
            handshake.probe().expectNoMessage(Duration.ofMillis(20));
            bench.assertNothingLeft(); // a buffer given back twice would make the budget negative
        }
    }
}
