package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.datapath.SmcrEndpoint;
import io.smc4j.protocol.cdc.CdcFlags;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * somebody adds work while the owner is about to finish with the endpoint: it finds the endpoint marked, and the owner has
 * looked already. The mark is taken away before the owner looks, so one of the two sees the other.
 */
class R43LostPushTest {
    @Test
    void shouldComeBackForWorkThatArrivesWhileTheOwnerPushes() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            pair.a.owner().queue().withheld = true; // else a completion would bring the owner back
            AtomicBoolean once = new AtomicBoolean();
            Side.pair(link.a()).onPost = () -> {
                if (once.compareAndSet(false, true)) {
                    pair.a.endpoint.sendStateFlags(CdcFlags.DONE_WRITING); // another thread, at the worst moment
                }
            };
            pair.a.endpoint.tryWrite(RaceB.data(100), 0, 100);
            pair.settle(link);
            assertThat(pair.b.edges.flags).containsExactly(CdcFlags.DONE_WRITING);
        }
    }

    @Test
    void shouldVisitAnEndpointMarkedWhileItIsTakenButNotYetVisited() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            SmcrEndpoint other = RaceB.another(pair.a, 99, link.a(), pair.aSeesB);
            pair.a.owner().queue().withheld = true;
            Side.pair(link.a()).onPost = () -> other.sendStateFlags(CdcFlags.ABORT);
            pair.a.endpoint.tryWrite(RaceB.data(100), 0, 100);
            other.sendStateFlags(CdcFlags.DONE_WRITING); // both lie in the set now
            pair.settle(link);
            assertThat(pair.b.edges.flags.getLast()).isEqualTo(CdcFlags.DONE_WRITING | CdcFlags.ABORT);
            assertThat(pair.a.owner().loop.dirtySet().isEmpty()).isTrue();
        }
    }
}
