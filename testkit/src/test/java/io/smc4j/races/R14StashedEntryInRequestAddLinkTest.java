package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.group.LinkGroup;
import io.smc4j.protocol.lifecycle.group.LocalPort;
import io.smc4j.protocol.llc.LlcAddLink;
import io.smc4j.protocol.llc.LlcConfirmLink;
import io.smc4j.protocol.llc.LlcRequestAddLink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** after REQUEST ADD LINK the server's CONFIRM LINK comes before its ADD LINK. */
@Timeout(60)
class R14StashedEntryInRequestAddLinkTest {
    @Test
    void shouldKeepNothingOfAConfirmLinkThatNoFlowExpects() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed client = bench.listedClient(2);
            bench.portDown(client.group(), 2);
            client.group()
                    .tell(new LinkGroup.PortChanged(new LocalPort(bench.device().name(), 2), true));
            client.link1().expect(LlcRequestAddLink.class);

            client.link1().receive(BenchA.confirmLink(false, 1, BenchA.FIRST_PEER_QP, BenchA.peerGid(1)));
            bench.everythingHeard(client.link1()); // not even answered: it was of no flow
            client.link1().receive(BenchA.addLink(false, 2, 2));
            assertThat(client.link1().expect(LlcAddLink.class).rejected()).isFalse();

            // The flow waits for the new link's own CONFIRM LINK, not for what came before it.
            FakeQpA second = bench.qp(1);
            assertThat(second.state()).isEqualTo(io.smc4j.rdma.QueuePairState.RTR);
            second.receive(BenchA.confirmLink(false, 2, BenchA.FIRST_PEER_QP + 2, BenchA.peerGid(2)));
            assertThat(second.expect(LlcConfirmLink.class).response()).isTrue();
        }
    }
}
