package io.smc4j.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.TransportPreference;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Data does not travel through mailboxes. */
@Timeout(60)
class NoMessagePerMessageTest {
    private static final int MESSAGES = 10_000;
    private static final String MAILBOX = "mailbox-type = \"io.smc4j.system.CountingMailbox\"";

    @ParameterizedTest
    @EnumSource(TransportPreference.class)
    void shouldMoveTenThousandMessagesWithoutAMailboxMessageForEach(TransportPreference transport) throws Exception {
        try (TestNodes nodes = TestNodes.start("pekko.actor.typed.default-mailbox." + MAILBOX)) {
            TestNodes.Ends ends = nodes.connect(transport);
            ByteBuffer there = ByteBuffer.allocateDirect(64);
            ByteBuffer back = ByteBuffer.allocateDirect(64);
            Map<String, Long> before = CountingMailbox.counts();
            assertThat(before.keySet())
                    .as("the handshake was counted")
                    .anyMatch(name -> name.contains("LinkGroup") || name.contains("Handshake"));
            for (int i = 0; i < MESSAGES / 2; i++) {
                ends.client().write(there.clear());
                back.clear();
                while (back.hasRemaining()) {
                    assertThat(ends.server().read(back)).isPositive();
                }
                ends.server().write(back.flip());
                there.clear();
                while (there.hasRemaining()) {
                    assertThat(ends.client().read(there)).isPositive();
                }
            }
            Map<String, Long> after = CountingMailbox.counts();
            long turns = 0;
            long others = 0;
            for (Map.Entry<String, Long> entry : after.entrySet()) {
                long more = entry.getValue() - before.getOrDefault(entry.getKey(), 0L);
                if (entry.getKey()
                        .endsWith("$Turn")) { // the owner of the queue polls by telling itself: not a message of data
                    turns += more;
                } else {
                    others += more;
                    if (more > 0) {
                        System.out.println("  " + entry.getKey() + " " + more);
                    }
                }
            }
            System.out.printf(
                    "%d data messages over %s: %d mailbox messages, and %d turns of owners%n",
                    MESSAGES, transport, others, turns);
            assertThat(others).isLessThan(MESSAGES / 100);
            ends.client().close();
            ends.server().close();
        }
    }
}
