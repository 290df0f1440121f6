package io.smc4j.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.TransportPreference;
import io.smc4j.rdma.Dmb;
import io.smc4j.testkit.ResourceLedger;
import io.smc4j.testkit.node.NodePair;
import io.smc4j.testkit.time.TestClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pair knows what it holds, and does not close over a leak. */
@Timeout(60)
class NodePairTest {
    @Test
    void shouldNameWhatIsLeftAndWhoMadeIt() throws Exception {
        NodePair pair = NodePair.start(TestClock.flowing());
        Dmb leaked = pair.client().devices().ism().register(65_536, "nobody's");
        assertThatThrownBy(pair::close)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("DMB " + "%#x".formatted(leaked.token()))
                .hasMessageContaining("owned by client")
                .hasMessageContaining("NodePairTest.shouldNameWhatIsLeftAndWhoMadeIt");
        leaked.close();
    }

    @Test
    void shouldHaveActorsInTheLedgerWhileTheyLive() throws Exception {
        try (NodePair pair = NodePair.start(TestClock.flowing())) {
            NodePair.Ends ends = pair.connect(pair.listen(), TransportPreference.SMC_D);
            assertThat(pair.ledger().open())
                    .filteredOn(entry -> entry.kind() == ResourceLedger.Kind.ACTOR)
                    .extracting(ResourceLedger.Entry::name)
                    .anyMatch(name -> name.startsWith("CONNECTION /system/smc4j/link-groups/"))
                    .anyMatch(name -> name.startsWith("LINK_GROUP"))
                    .anyMatch(name -> name.startsWith("NODE /system/smc4j"));
            assertThat(pair.evidence())
                    .contains("link-groups", "resources are open", "0 faults injected", "connection-1");
            ends.client().close();
        }
    }

    @Test
    void shouldSurviveTheRemovalOfTheIsmDevice() throws Exception {
        try (NodePair pair = NodePair.start(TestClock.flowing())) {
            var listener = pair.listen();
            NodePair.Ends ends = pair.connect(listener, TransportPreference.SMC_D);
            pair.server().devices().ism().remove("pulled out");
            assertThatThrownBy(() -> ends.server().read(java.nio.ByteBuffer.allocate(1)))
                    .isInstanceOf(io.smc4j.SmcException.class);
            assertThat(pair.connect(listener, TransportPreference.SMC_D)
                            .client()
                            .info()
                            .transport())
                    .isEqualTo(io.smc4j.Transport.TCP);
        }
    }
}
