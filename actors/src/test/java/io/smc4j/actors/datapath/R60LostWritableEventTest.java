package io.smc4j.actors.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** the condition comes true between the look at it and the wait for it. Who waits is registered before the look that counts. */
@Timeout(10)
class R60LostWritableEventTest {
    private final Waiter waiter = new Waiter();
    private final AtomicBoolean space = new AtomicBoolean();
    private final AtomicInteger looks = new AtomicInteger();

    /** False at the given look, but before whoever looked can do anything about it there is space. */
    private BooleanSupplier falseOnceMore(int look) {
        return () -> {
            boolean seen = space.get();
            if (looks.incrementAndGet() == look) {
                space.set(true);
                waiter.wake();
                return false;
            }
            return seen;
        };
    }

    @Test
    void shouldNotSleepWhenSpaceComesRightAfterTheLook() throws Exception {
        waiter.park(falseOnceMore(1), () -> {}, TimeUnit.HOURS.toNanos(1));
        assertThat(looks).hasValue(2);
    }

    @Test
    void shouldCallBackWhenSpaceComesBetweenTheFirstLookAndTheRegistration() {
        AtomicInteger called = new AtomicInteger();
        waiter.register(called::incrementAndGet, falseOnceMore(1), () -> {});
        assertThat(called).hasValue(1);
    }

    @Test
    void shouldCallBackOnceWhenSpaceComesAtTheLastLook() {
        AtomicInteger called = new AtomicInteger();
        waiter.register(called::incrementAndGet, falseOnceMore(2), () -> {});
        assertThat(called).hasValue(1);
        waiter.wake();
        assertThat(called).hasValue(1);
    }

    @Test
    void shouldCallBackOnceWhenSpaceComesBeforeTheLastLook() {
        AtomicInteger called = new AtomicInteger();
        waiter.register(called::incrementAndGet, space::get, () -> space.set(true));
        assertThat(called).hasValue(1);
        waiter.wake();
        assertThat(called).hasValue(1);
    }
}
