package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.datapath.SmcdDoorbell;
import io.smc4j.actors.datapath.SmcdEndpoint;
import io.smc4j.actors.datapath.WaitSettings;
import io.smc4j.actors.fake.FakeDmbPair;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How long an owner sleeps: long where only what wakes it can concern it, not so long where it has to look by itself. */
class OwnerSleepTest {
    private static final long LONGEST = Duration.ofMillis(100).toNanos();

    private final FakeIsmB device = new FakeIsmB();
    private final ArrayDeque<IsmCommand> mailbox = new ArrayDeque<>();
    private final AtomicLong now = new AtomicLong();
    private final IsmLoop loop = new IsmLoop(
            device,
            new OwnerSettings(8, 0, 0, Duration.ofNanos(LONGEST)),
            (peer, reason) -> {},
            mailbox::add,
            now::get);
    private final FakeDmbPair own = new FakeDmbPair(1000);
    private final FakeDmbPair peer = new FakeDmbPair(1000);
    private final SmcdDoorbell doorbell = new SmcdDoorbell();
    private final SmcdEndpoint endpoint =
            new SmcdEndpoint(own.own, peer.remote, new Side.Edges(), new WaitSettings(0, 1));

    private long slept() {
        device.lastAwait = 0;
        loop.sleep();
        now.addAndGet(device.lastAwait);
        return device.lastAwait;
    }

    @Test
    void shouldSleepLongWithNothingToLookAfter() {
        assertThat(slept()).isEqualTo(10 * LONGEST);
        loop.execute(new IsmCommand.Attach(endpoint, doorbell));
        assertThat(slept()).as("its doorbell was asked for").isEqualTo(10 * LONGEST);
    }

    @Test
    void shouldLookByItselfAtAConnectionWhoseDoorbellItDoesNotAskFor() {
        loop.execute(new IsmCommand.Attach(endpoint, doorbell));
        device.rung.add(doorbell); // nobody waits there: not asked for again
        assertThat(loop.doWork()).isEqualTo(1);
        assertThat(slept()).isEqualTo(LONGEST);
        assertThat(slept()).as("it looked, and asked").isEqualTo(10 * LONGEST);
    }
}
