package io.smc4j.actors.datapath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smc4j.rdma.Dmb;
import io.smc4j.rdma.RemoteDmb;
import io.smc4j.rdma.shm.CpuAffinity;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class WaitingPlaceTest {
    private static final long LONG = 1_000_000_000;

    private final Own own = new Own();
    private final Peer peer = new Peer();

    @Test
    void shouldMoveAfterSeveralVainLooksOnThePeersCore() throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "there is no other core");
        Spinner spinner = new Spinner(WaitSettings.defaults());
        WaitingPlace place = new WaitingPlace(own, peer, spinner);
        peer.follow = true;
        int first = missesUntilMove(spinner, place);
        assertThat(first).isEqualTo(8);
        assertThat(own.noted).isNotNegative();
        // It did not help: next time it waits longer.
        assertThat(missesUntilMove(spinner, place)).isEqualTo(2 * first);
        assertThat(missesUntilMove(spinner, place)).isEqualTo(4 * first);
        for (int i = 0; i < 64; i++) {
            int[] looks = new int[1];
            assertThat(spinner.spin(() -> ++looks[0] > 1, LONG)).isTrue();
        }
        // It did.
        assertThat(missesUntilMove(spinner, place)).isEqualTo(first);
        assertThat(missesUntilMove(spinner, place)).isEqualTo(2 * first);
    }

    @Test
    void shouldStayWhenThePeerIsElsewhereOrDoesNotSay() throws Exception {
        Spinner spinner = new Spinner(WaitSettings.defaults());
        WaitingPlace place = new WaitingPlace(own, peer, spinner);
        for (int cpu : new int[] {-1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            peer.cpu = cpu;
            for (int i = 0; i < 100; i++) {
                assertThat(spinner.spin(() -> false, LONG)).isFalse();
                assertThat(place.leave()).isFalse();
            }
        }
    }

    @Test
    void shouldStayWhenLookingIsNotWanted() throws Exception {
        Spinner park = new Spinner(new WaitSettings(0, 1));
        WaitingPlace place = new WaitingPlace(own, peer, park);
        peer.follow = true;
        for (int i = 0; i < 100; i++) {
            assertThat(park.spin(() -> false, LONG)).isFalse();
            assertThat(place.leave()).isFalse();
        }
        assertThat(own.noted).isEqualTo(Own.NOTHING);
    }

    private static int missesUntilMove(Spinner spinner, WaitingPlace place) throws InterruptedException {
        for (int i = 1; i < 1000; i++) {
            assertThat(spinner.spin(() -> false, LONG)).isFalse();
            if (place.leave()) {
                return i;
            }
        }
        throw new AssertionError("it never moved");
    }

    private static final class Own implements Dmb {
        private static final int NOTHING = -7;
        private int noted = NOTHING;

        @Override
        public void noteWaiter(int cpu) {
            noted = cpu;
        }

        @Override
        public long token() {
            return 1;
        }

        @Override
        public MemorySegment memory() {
            return MemorySegment.NULL;
        }

        @Override
        public void requestSignal() {}

        @Override
        public int prepareWait() {
            return 0;
        }

        @Override
        public void awaitSignal(int seen, long timeoutNanos) {}

        @Override
        public void wakeWaiters() {}

        @Override
        public void close() {}
    }

    private final class Peer implements RemoteDmb {
        private int cpu = CpuAffinity.UNKNOWN;
        private boolean follow;

        @Override
        public int waiterCpu() {
            return follow ? own.noted : cpu;
        }

        @Override
        public MemorySegment memory() {
            return MemorySegment.NULL;
        }

        @Override
        public void signal() {}

        @Override
        public void close() {}
    }
}
