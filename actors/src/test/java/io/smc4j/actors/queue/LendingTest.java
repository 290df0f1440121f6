package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.actors.datapath.Doorbell;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LendingTest {
    private final AtomicInteger rounds = new AtomicInteger();
    private final AtomicBoolean marked = new AtomicBoolean();
    private final Doorbell doorbell = new Doorbell(this::ring);
    private Runnable inRound = () -> {};
    private final Lending lending = new Lending(
            () -> {
                rounds.incrementAndGet();
                inRound.run();
            },
            marked::get,
            doorbell);

    private void ring() {
        boolean _ = lending.wakeUp();
    }

    @Test
    void shouldDoARoundOnTheCallingThread() {
        assertThat(lending.drive(true)).isTrue();
        assertThat(rounds).hasValue(1);
        assertThat(lending.isWanted()).as("the owner gives way").isTrue();
        assertThat(lending.isWanted()).as("said once").isFalse();
    }

    @Test
    void shouldNotSendTheOwnerToItsNapForASingleRound() {
        assertThat(lending.drive(false)).isTrue();
        assertThat(lending.isWanted()).isFalse();
    }

    @Test
    void shouldDoNothingFromWithinARound() {
        List<Boolean> inner = new ArrayList<>();
        inRound = () -> inner.add(lending.drive(true));
        assertThat(lending.drive(true)).isTrue();
        assertThat(rounds).hasValue(1);
        assertThat(inner).as("who is at work looks again").containsExactly(true);
    }

    @Test
    void shouldLookAgainForWhatWasMarkedDuringItsRound() {
        marked.set(true);
        inRound = () -> marked.set(rounds.get() < 3);
        assertThat(lending.drive(true)).isTrue();
        assertThat(rounds).hasValue(3);
    }

    @Test
    void shouldHandBackWhatOthersKeepBringing() {
        marked.set(true);
        assertThat(lending.drive(true)).as("the owner is to be rung").isFalse();
        assertThat(rounds).hasValueLessThan(10);
    }

    @Test
    void shouldHaveASleepingOwnerRung() {
        lending.baton().take();
        assertThat(lending.drive(true))
                .as("its owner is at work and looks again")
                .isTrue();
        lending.baton().lieDown();
        assertThat(lending.drive(true)).isFalse();
        assertThat(rounds).hasValue(0);
        lending.baton().give();
        assertThat(lending.isWanted()).as("once awake, it gives way").isTrue();
    }

    @Test
    void shouldBeTheOwnersFailureWhenARoundThrows() {
        inRound = () -> {
            throw new IllegalStateException("the device is broken");
        };
        assertThat(lending.drive(true)).as("the owner is to be rung").isFalse();
        assertThat(lending.drive(true)).isFalse();
        assertThat(rounds).as("nothing is done on top of it").hasValue(1);
        assertThatThrownBy(lending::throwFault).hasMessage("the device is broken");
        assertThatThrownBy(lending::giveWay).hasMessage("the device is broken");
    }

    @Test
    void shouldEndItsNapWhenNobodyDrives() {
        lending.giveWay();
        assertThat(rounds).as("it looks after the queue before it naps").hasPositiveValue();
        assertThat(lending.wakeUp()).as("it does not nap any more").isFalse();
    }

    @Test
    void shouldEndItsNapForACommandWhileOthersDrive() throws InterruptedException {
        Thread owner = Thread.ofPlatform().start(() -> {
            while (!doorbell.commandsWaiting()) {
                lending.giveWay(); // may end without a command, when this test's own thread is kept from driving
            }
        });
        boolean told = false;
        while (owner.isAlive()) {
            boolean _ = lending.drive(true);
            if (!told && rounds.get() >= 1000) {
                told = true;
                doorbell.commandComing();
                doorbell.wake();
            }
        }
        owner.join();
        assertThat(told).isTrue();
    }

    @Test
    void shouldTakeOverWhenADriverGoesToSleep() throws InterruptedException {
        Thread owner = Thread.ofPlatform().start(lending::giveWay);
        while (rounds.get() < 1000) {
            boolean _ = lending.drive(true);
        }
        lending.leave();
        owner.join();
        assertThat(lending.isWanted())
                .as("what was driven before does not count")
                .isFalse();
        boolean _ = lending.drive(true);
        assertThat(lending.isWanted()).isTrue();
    }

    /** Plain memory, changed in rounds of several threads and in the owner's: any two at a time would lose a count. */
    @Test
    void shouldLetOneAtATimeIn() throws InterruptedException {
        int drivers = 3;
        int each = 100_000;
        int[] plain = new int[1];
        inRound = () -> plain[0]++;
        List<Thread> threads = new ArrayList<>();
        AtomicInteger left = new AtomicInteger(drivers);
        for (int i = 0; i < drivers; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int k = 0; k < each; k++) {
                    boolean _ = lending.drive(k % 2 == 0);
                }
                left.decrementAndGet();
            }));
        }
        while (left.get() > 0) {
            if (lending.isWanted()) {
                lending.giveWay();
            }
            lending.baton().take();
            rounds.incrementAndGet();
            plain[0]++;
            lending.baton().give();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(plain[0]).isEqualTo(rounds.get());
    }
}
