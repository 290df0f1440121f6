package io.smc4j.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.group.JoinReply;
import io.smc4j.actors.group.LinkGroup;
import io.smc4j.protocol.llc.LlcConfirmRkey;
import io.smc4j.protocol.llc.LlcDeleteRkey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * the peer announces the rkey of a connection that does not exist here yet, and whose handshake then fails. The key belongs
 * to the group; it goes when the peer withdraws it or with the group, and takes no place for ever.
 */
@Timeout(60)
class R63RkeyWithoutConnectionTest {
    @Test
    void shouldForgetTheKeyWhenThePeerWithdrawsItAfterItsDecline() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed client = bench.listedClient(1);
            FakeQpA link = client.link1();
            assertThat(BenchB.announce(link, 1002)).isTrue(); // before ACCEPT; then the server declines
            assertThat(BenchB.withdraw(link, 1002)).as("known").isTrue();
            assertThat(BenchB.withdraw(link, 1002)).as("known twice").isFalse();
        }
    }

    @Test
    void shouldHaveRoomForAsManyHandshakesThatFailAsThereAre() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed client = bench.listedClient(1);
            FakeQpA link = client.link1();
            for (int i = 0; i < 600; i++) {
                assertThat(BenchB.announce(link, 2000 + i)).isTrue();
                assertThat(BenchB.withdraw(link, 2000 + i)).isTrue();
            }
        }
    }

    @Test
    void shouldRefuseKeysBeyondTheLimitAndTakeThemAgainLater() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed client = bench.listedClient(1);
            FakeQpA link = client.link1();
            for (int i = 0; i < 254; i++) { // with that of the first connection: all
                assertThat(BenchB.announce(link, 2000 + i)).isTrue();
            }
            assertThat(BenchB.announce(link, 5000)).isFalse();
            assertThat(BenchB.announce(link, 2000))
                    .as("the same again is no other")
                    .isTrue();
            assertThat(BenchB.withdraw(link, 2000)).isTrue();
            assertThat(BenchB.announce(link, 5000)).isTrue();
        }
    }

    @Test
    void shouldWithdrawOurKeyWhenOurHandshakeFailsAfterItWasConfirmed() throws Exception {
        try (BenchA bench = new BenchA()) {
            BenchA.Listed client = bench.listedClient(1);
            FakeQpA link = client.link1();
            assertThat(BenchB.announce(link, 1002)).isTrue();
            BenchA.Handshake handshake = bench.joinClient(client.group(), false, 2);
            LlcConfirmRkey own = link.expect(LlcConfirmRkey.class);
            link.receive(own.answer(true));
            JoinReply.Offered offered = handshake.expect(JoinReply.Offered.class);
            client.group().tell(new LinkGroup.HandshakeOver(offered.connection(), "declined"));
            LlcDeleteRkey request = BenchB.expectDelete(link, BenchB.end(offered));
            link.receive(request.answer(List.of()));
            assertThat(BenchB.withdraw(link, 1002))
                    .as("the peer's key outlived our connection")
                    .isTrue();
        }
    }
}
