package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** two large LLC messages arrive before anybody has read the first. Each is copied in the turn in which it completed. */
class R40LargeMessageOverwrittenTest {
    private static byte[] large(int fill) {
        byte[] message = new byte[OwnedLink.LLC_BYTES];
        Arrays.fill(message, (byte) fill);
        return message;
    }

    @Test
    void shouldKeepEveryLargeMessageThatArrivesBackToBackOnTwoLinks() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link one = pair.newLink(0);
            Pair.Link two = pair.newLink(0);
            for (int i = 0; i < OwnedLink.RECEIVES; i++) {
                assertThat(Side.pair(one.a()).inject(large(i))).isTrue();
                assertThat(Side.pair(two.a()).inject(large(i + 100))).isTrue();
            }
            pair.settle(one, two);
            assertThat(one.heardB().llc).hasSize(OwnedLink.RECEIVES);
            for (int i = 0; i < OwnedLink.RECEIVES; i++) {
                assertThat(one.heardB().llc.get(i)).isEqualTo(large(i));
                assertThat(two.heardB().llc.get(i)).isEqualTo(large(i + 100));
            }
        }
    }

    @Test
    void shouldNotChangeAMessageWhenItsBufferIsUsedAgain() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            for (int i = 0; i <= 2 * OwnedLink.RECEIVES; i++) {
                assertThat(Side.pair(link.a()).inject(large(i))).isTrue();
                pair.settle(link);
            }
            assertThat(link.heardB().llc.getFirst()).isEqualTo(large(0));
            assertThat(link.heardB().llc.getLast()).isEqualTo(large(2 * OwnedLink.RECEIVES));
        }
    }
}
