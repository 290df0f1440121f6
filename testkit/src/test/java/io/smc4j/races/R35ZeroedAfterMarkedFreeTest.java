package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.protocol.llc.LlcConfirmRkey;
import io.smc4j.protocol.llc.LlcDeleteRkey;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * a buffer is zeroed while its next owner uses it already. Giving back and claiming wait in one queue, so a claim begins
 * after the zeroing before it has ended.
 */
@Timeout(60)
class R35ZeroedAfterMarkedFreeTest {
    @Test
    void shouldNotBeginToClaimBeforeTheBufferGivenBackIsZeroed() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed server = bench.listedServer(1);
            FakeQpA link = server.link1();
            BenchB.rmb(bench, server.offer()).fill((byte) 0x55);
            BenchB.first(server).kill();
            LlcDeleteRkey request = BenchB.expectDelete(link, server.offer());
            bench.blocking.close();
            link.receive(request.answer(List.of()));
            BenchA.until(() -> assertThat(bench.blocking.waiting()).isEqualTo(1)); // about to zero
            bench.joinServer(server.group());
            bench.everythingHeard(link);
            assertThat(bench.blocking.waiting())
                    .as("the claim must not have begun")
                    .isEqualTo(1);
            bench.blocking.open();
            LlcConfirmRkey confirm = link.expect(LlcConfirmRkey.class);
            assertThat(confirm.rkey()).isEqualTo(server.offer().rkey());
            assertThat(BenchB.isZero(BenchB.rmb(bench, server.offer()))).isTrue();
            BenchB.rmb(bench, server.offer()).fill((byte) 0x77); // the new owner's data
            link.receive(confirm.answer(true));
            bench.everythingHeard(link);
            assertThat(BenchB.rmb(bench, server.offer()).get(ValueLayout.JAVA_BYTE, 100))
                    .isEqualTo((byte) 0x77);
        }
    }
}
