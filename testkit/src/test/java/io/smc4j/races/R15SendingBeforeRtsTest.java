package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.group.GroupNotice;
import io.smc4j.actors.group.JoinReply;
import io.smc4j.actors.group.LinkGroup;
import io.smc4j.protocol.lifecycle.group.GroupRole;
import io.smc4j.protocol.llc.LlcConfirmLink;
import io.smc4j.protocol.llc.LlcConfirmRkey;
import io.smc4j.protocol.llc.LlcTestLink;
import io.smc4j.rdma.QueuePairState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** something is to be sent between CLC CONFIRM and CONFIRM LINK, while the client's queue pair is only in RTR. */
@Timeout(60)
class R15SendingBeforeRtsTest {
    @Test
    void shouldPostNothingBeforeRtsAndLoseNoLinkByIt() throws Exception {
        try (BenchA bench = new BenchA()) {
            var group = bench.group(GroupRole.CLIENT, 1);
            BenchA.Handshake handshake = bench.joinClient(group, true, 1);
            JoinReply.Offered offered = handshake.expect(JoinReply.Offered.class);
            group.tell(new LinkGroup.ConfirmSent(offered.connection()));
            FakeQpA link = bench.qp(0);
            assertThat(link.state()).isEqualTo(QueuePairState.RTR);
            link.receive(LlcTestLink.request(2)); // asks for an answer that cannot be sent yet
            link.receive(LlcConfirmRkey.request(2, 5, 5, List.of()));
            // There is no handle before CONFIRM LINK: an application has nothing to write with.
            handshake.probe().expectNoMessage(Duration.ofMillis(20));

            link.receive(BenchA.confirmLink(false, 1, BenchA.FIRST_PEER_QP, BenchA.peerGid(1)));
            assertThat(link.next()).as("the first message of all").isInstanceOf(LlcConfirmLink.class);
            handshake.expect(JoinReply.Connected.class);
            bench.awaitNotice(GroupNotice.Listed.class);
            bench.everythingHeard(link);
        }
    }
}
