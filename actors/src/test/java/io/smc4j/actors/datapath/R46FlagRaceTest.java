package io.smc4j.actors.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.SmcException;
import io.smc4j.protocol.cdc.CdcFlags;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * several threads change flags in one word. Every change is one compare-and-set, so all that can happen is an order of whole
 * steps: all of them are tried here, and threads that really collide.
 */
@Timeout(60)
class R46FlagRaceTest {
    /** Reader in and out, writer in and out, D wanted, then C wanted; whoever is told to publish does so in a step of its own. */
    private static final int READER = 0;

    private static final int WRITER = 1;
    private static final int CONNECTION = 2;
    private static final int PARTIES = 3;

    /** One order of steps, replayed from the beginning. */
    private static final class Run {
        final Gates gates = new Gates();
        final int[] step = new int[PARTIES];
        final int[] publishing = new int[PARTIES];
        final boolean[] inside = new boolean[PARTIES];
        int published;

        boolean finished(int party) {
            return step[party] == 2 && publishing[party] == 0;
        }

        void take(int party) throws SmcException {
            if (publishing[party] != 0) {
                int flags = publishing[party];
                assertThat(flags & published).as("published before").isEqualTo(published);
                assertThat(inside[WRITER])
                        .as("a writer inside while flags go out")
                        .isFalse();
                if ((flags & CdcFlags.CLOSED) != 0) {
                    assertThat(inside[READER])
                            .as("a reader inside while C goes out")
                            .isFalse();
                }
                published = flags;
                publishing[party] = gates.published(flags);
                return;
            }
            int first = step[party]++;
            if (party == CONNECTION) {
                publishing[party] =
                        first == 0 ? gates.want(CdcFlags.DONE_WRITING, false) : gates.want(CdcFlags.CLOSED, true);
            } else if (first == 0) {
                inside[party] = gates.enter(party == READER ? Gates.READ : Gates.WRITE);
            } else if (inside[party]) {
                inside[party] = false;
                publishing[party] = gates.leave(party == READER ? Gates.READ : Gates.WRITE);
            }
        }
    }

    @Test
    void shouldPublishEveryFlagOnceInEveryOrderOfSteps() throws Exception {
        AtomicInteger orders = new AtomicInteger();
        explore(new ArrayList<>(), orders);
        assertThat(orders.get()).isGreaterThan(100);
    }

    private static void explore(List<Integer> order, AtomicInteger orders) throws SmcException {
        Run run = new Run();
        for (int party : order) {
            run.take(party);
        }
        boolean over = true;
        for (int party = 0; party < PARTIES; party++) {
            if (!run.finished(party)) {
                over = false;
                order.add(party);
                explore(order, orders);
                order.removeLast();
            }
        }
        if (over) {
            orders.incrementAndGet();
            assertThat(run.published).as("after %s", order).isEqualTo(CdcFlags.DONE_WRITING | CdcFlags.CLOSED);
            assertThat(run.gates.isQuiet()).as("after %s", order).isTrue();
        }
    }

    @Test
    void shouldLoseNoFlagOfThePeerWhenTwoThreadsNoticeThemAtOnce() throws Exception {
        int rounds = 10_000;
        List<AtomicInteger> told = new ArrayList<>();
        List<ApplicationSide> sides = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            AtomicInteger heard = new AtomicInteger();
            told.add(heard);
            sides.add(new ApplicationSide(
                    new EndpointListener() {
                        @Override
                        public void peerStateFlags(int stateFlags) {
                            heard.getAndUpdate(old -> old | stateFlags);
                        }

                        @Override
                        public void drained() {}

                        @Override
                        public void violation(String what) {}
                    },
                    new Spinner(new WaitSettings(0, 1)),
                    new Spinner(new WaitSettings(0, 1))));
        }
        AtomicIntegerArray reached = new AtomicIntegerArray(2);
        CountDownLatch over = new CountDownLatch(2);
        int[] flags = {CdcFlags.DONE_WRITING, CdcFlags.ABORT};
        for (int me = 0; me < 2; me++) {
            int self = me;
            Thread.ofPlatform().start(() -> {
                for (int i = 0; i < rounds; i++) {
                    reached.set(self, i + 1);
                    for (int looks = 0; reached.get(1 - self) <= i; looks++) { // step by step, side by side
                        if (looks > 1000) {
                            LockSupport.parkNanos(1); // the other has no core
                        }
                    }
                    int offset = self == 0 ? i % 200 : 100; // so that sooner or later they meet in the same moment
                    for (int wait = 0; wait < offset; wait++) {
                        reached.get(self);
                    }
                    sides.get(i).notice(flags[self]);
                }
                over.countDown();
            });
        }
        over.await();
        int both = CdcFlags.DONE_WRITING | CdcFlags.ABORT;
        assertThat(sides).allMatch(side -> side.peerFlags() == both);
        assertThat(told).allMatch(heard -> heard.get() == both);
    }
}
