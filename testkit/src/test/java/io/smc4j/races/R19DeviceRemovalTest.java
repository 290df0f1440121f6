package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.group.GroupNotice;
import io.smc4j.protocol.llc.LlcAddLink;
import io.smc4j.protocol.llc.LlcConfirmLink;
import io.smc4j.rdma.AsyncEvent;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** a group has a link on each of two devices; both are removed, the second while the group is unlisted already. */
@Timeout(60)
class R19DeviceRemovalTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFreeEveryLinkOfADeviceWhetherTheGroupIsListedOrNot(boolean backToBack) throws Exception {
        try (BenchA bench = new BenchA(2, 1, "", io.smc4j.actors.node.ActorDecorator.NONE)) {
            BenchA.Listed server = bench.listedServer(2);
            int number = server.link1().expect(LlcAddLink.class).linkNumber();
            FakeRdmaA other = bench.devices.get(1);
            FakeQpA second = other.queuePairs.getFirst();
            server.link1().receive(BenchA.addLink(true, number, 2));
            second.expect(LlcConfirmLink.class);
            second.receive(BenchA.confirmLink(true, number, BenchA.FIRST_PEER_QP + number, BenchA.peerGid(2)));

            bench.device().raise(new AsyncEvent.DeviceFatal("pulled out"));
            if (!backToBack) {
                BenchA.until(() -> assertThat(bench.device().openQueuePairs()).isZero());
            }
            other.raise(new AsyncEvent.DeviceFatal("pulled out too"));
            bench.awaitNotice(GroupNotice.Unlisted.class);
            bench.awaitStopped(server.group());
            bench.assertNothingLeft();
            assertThat(bench.unlisted()).isEqualTo(1);
        }
    }
}
