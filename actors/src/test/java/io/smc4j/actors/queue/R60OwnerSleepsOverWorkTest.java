package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.datapath.SmcdDoorbell;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** R-60 for owners: work comes between an owner's last look and its sleep. */
class R60OwnerSleepsOverWorkTest {
    @Test
    void shouldNotSleepOverDataThatCameJustBefore() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            Side.Owner owner = pair.a.owner();
            owner.settle();
            pair.a.endpoint.tryWrite(RaceB.data(10), 0, 10); // the owner is not parked, so nobody wakes it
            owner.loop.sleep();
            assertThat(owner.queue().awaits).isZero();
            owner.settle();
            owner.loop.sleep();
            assertThat(owner.queue().awaits).isEqualTo(1);
        }
    }

    @Test
    void shouldBeWokenForDataThatComesWhileItLies() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            Side.Owner owner = pair.a.owner();
            owner.settle();
            AtomicInteger woken = new AtomicInteger();
            owner.queue().onWakeUp = woken::incrementAndGet;
            owner.loop.doorbell().parked(true);
            pair.a.endpoint.tryWrite(RaceB.data(10), 0, 10);
            assertThat(woken).hasValue(1);
            owner.loop.doorbell().parked(false);
            pair.a.endpoint.tryWrite(RaceB.data(10), 0, 10);
            assertThat(woken).as("costs nothing while the owner is awake").hasValue(1);
        }
    }

    @Test
    void shouldTellAWriterWhoseSpaceComesWhileItAsks() throws Exception {
        try (Pair pair = new Pair(1000, 1000)) {
            Pair.Link link = pair.newLink(0);
            pair.connect(link);
            assertThat(pair.a.endpoint.tryWrite(RaceB.data(1000), 0, 1000)).isEqualTo(1000);
            AtomicInteger called = new AtomicInteger();
            pair.a.endpoint.onWritable(called::incrementAndGet);
            assertThat(called).hasValue(0);
            pair.settle(link); // the completion frees the space
            assertThat(called).hasValue(1);
            pair.a.endpoint.onWritable(called::incrementAndGet);
            assertThat(called).hasValue(2);
        }
    }

    @Test
    void shouldNotSleepOverADoorbellThatRangJustBefore() {
        FakeIsmB device = new FakeIsmB();
        ArrayDeque<IsmCommand> mailbox = new ArrayDeque<>();
        IsmLoop loop = new IsmLoop(
                device, new OwnerSettings(8, 0, 0, Duration.ofNanos(1)), (peer, reason) -> {}, mailbox::add, () -> 0);
        device.rung.add(new SmcdDoorbell());
        loop.sleep();
        assertThat(device.awaits).isZero();
        loop.sleep();
        assertThat(device.awaits).isEqualTo(1);
    }
}
