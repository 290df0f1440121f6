package io.smc4j.protocol.lifecycle.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.protocol.llc.AddLinkRkey;
import io.smc4j.protocol.llc.LlcAddLinkContinue;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 4.4: the lock-step of ADD LINK CONTINUE. */
final class RkeyExchangeTest {
    @ParameterizedTest
    @CsvSource({"0,0,1", "1,0,1", "0,1,1", "2,2,1", "3,0,2", "0,3,2", "5,1,3", "2,255,128", "255,255,128"})
    void shouldTellEachSideAllKeysOfTheOtherAndEndTogether(int servers, int clients, int rounds) {
        RkeyExchange server = RkeyExchange.of(keys(servers));
        RkeyExchange client = RkeyExchange.of(keys(clients));
        List<AddLinkRkey> atServer = new ArrayList<>();
        List<AddLinkRkey> atClient = new ArrayList<>();
        int round = 0;
        while (!server.finished()) {
            round++;
            LlcAddLinkContinue request = server.message(false, 2);
            server = server.messageSent();
            atClient.addAll(request.rkeys());
            client = client.received(request);
            boolean last = client.finishedByAnswer();
            LlcAddLinkContinue answer = client.message(true, 2);
            client = client.messageSent();
            atServer.addAll(answer.rkeys());
            server = server.received(answer);
            assertThat(last).isEqualTo(server.finished()).isEqualTo(client.finished());
        }
        assertThat(round).isEqualTo(rounds);
        assertThat(atClient).isEqualTo(keys(servers));
        assertThat(atServer).isEqualTo(keys(clients));
    }

    @Test
    void shouldCountWhatIsLeftIncludingTheMessagesOwn() {
        RkeyExchange exchange = RkeyExchange.of(keys(3));
        assertThat(exchange.message(false, 7).rkeysLeft()).isEqualTo(3);
        assertThat(exchange.messageSent().message(false, 7))
                .isEqualTo(new LlcAddLinkContinue(false, 7, 1, keys(3).subList(2, 3)));
        assertThat(exchange.messageSent().messageSent().message(false, 7))
                .isEqualTo(new LlcAddLinkContinue(false, 7, 0, List.of()));
    }

    @Test
    void shouldNotBeOverBeforeThePeerHasSaidAnything() {
        assertThat(RkeyExchange.of(List.of()).messageSent().finished()).isFalse();
    }

    @Test
    void shouldLetAPeerHaveFewerKeysThanItSaidButNotMore() {
        RkeyExchange exchange = RkeyExchange.of(List.of());
        assertThat(exchange.continues(left(255))).isTrue();
        RkeyExchange after = exchange.received(left(5)); // two came, three are left
        assertThat(after.continues(left(3))).isTrue();
        assertThat(after.continues(left(0))).isTrue();
        assertThat(after.continues(left(4))).isFalse();
        assertThat(after.received(left(0)).continues(left(1))).isFalse();
    }

    private static LlcAddLinkContinue left(int rkeys) {
        return new LlcAddLinkContinue(false, 2, rkeys, keys(Math.min(rkeys, LlcAddLinkContinue.MAX_RKEYS)));
    }

    private static List<AddLinkRkey> keys(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new AddLinkRkey(i, 1000 + i, i * 0x1000L))
                .toList();
    }
}
