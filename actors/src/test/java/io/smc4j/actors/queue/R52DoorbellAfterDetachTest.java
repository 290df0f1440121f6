package io.smc4j.actors.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.datapath.SmcdDoorbell;
import io.smc4j.actors.datapath.SmcdEndpoint;
import io.smc4j.actors.datapath.WaitSettings;
import io.smc4j.actors.fake.FakeDmbPair;
import io.smc4j.actors.queue.QueueCounters.Counter;
import io.smc4j.rdma.RemoteDmb;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** SMC-D doorbells ring without end while the endpoint is detached and its memory is freed. */
class R52DoorbellAfterDetachTest {
    private final FakeIsmB device = new FakeIsmB();
    private final ArrayDeque<IsmCommand> mailbox = new ArrayDeque<>();
    private final IsmLoop loop = new IsmLoop(
            device, new OwnerSettings(8, 0, 0, Duration.ofNanos(1)), (peer, reason) -> {}, mailbox::add, () -> 0);
    private final FakeDmbPair own = new FakeDmbPair(1000);
    private final FakeDmbPair peer = new FakeDmbPair(1000);
    private final SmcdDoorbell doorbell = new SmcdDoorbell();
    private final AtomicReference<Runnable> inTheMiddleOfAWrite = new AtomicReference<>(() -> {});
    private SmcdEndpoint endpoint;

    @BeforeEach
    void attach() {
        RemoteDmb remote = new RemoteDmb() {
            @Override
            public MemorySegment memory() {
                return peer.memory;
            }

            @Override
            public void signal() {
                inTheMiddleOfAWrite.get().run();
            }

            @Override
            public void close() {}
        };
        endpoint = new SmcdEndpoint(own.own, remote, new Side.Edges(), new WaitSettings(0, 1));
        loop.execute(new IsmCommand.Attach(endpoint, doorbell));
    }

    private TestInbox<IsmCommand.Detached> detach() {
        TestInbox<IsmCommand.Detached> reply = TestInbox.create();
        loop.execute(new IsmCommand.Detach(endpoint, reply.getRef()));
        return reply;
    }

    @Test
    void shouldLeadDoorbellsNowhereOnceTheEndpointIsDetached() {
        for (int i = 0; i < 100; i++) {
            device.rung.add(doorbell);
        }
        TestInbox<IsmCommand.Detached> reply = detach();
        loop.doWork(); // delivers what had rung, then lets go
        assertThat(reply.hasMessages()).isTrue();
        long delivered = loop.counters().get(Counter.SIGNALS);
        own.close(); // as the link group does now
        peer.close();
        for (int i = 0; i < 100; i++) {
            device.rung.add(doorbell);
        }
        loop.doWork();
        loop.watch();
        assertThat(loop.counters().get(Counter.SIGNALS)).isEqualTo(delivered);
        assertThat(loop.shutDown()).as("endpoints still watched").isZero();
    }

    @Test
    void shouldNotLetGoWhileAThreadIsInside() throws Exception {
        AtomicReference<TestInbox<IsmCommand.Detached>> reply = new AtomicReference<>();
        inTheMiddleOfAWrite.set(() -> {
            if (reply.get() == null) {
                reply.set(detach());
                device.rung.add(doorbell);
                loop.doWork();
            }
        });
        endpoint.tryWrite(MemorySegment.ofArray(new byte[10]), 0, 10);
        assertThat(reply.get().hasMessages()).as("detached under the writer").isFalse();
        assertThat(loop.counters().get(Counter.SIGNALS)).isEqualTo(1);
        loop.doWork();
        assertThat(reply.get().hasMessages()).isTrue();
    }

    @Test
    void shouldLeadTheDoorbellOfAnotherConnectionOn() {
        FakeDmbPair ownOfOther = new FakeDmbPair(1000);
        FakeDmbPair peerOfOther = new FakeDmbPair(1000);
        SmcdDoorbell bell = new SmcdDoorbell();
        SmcdEndpoint other =
                new SmcdEndpoint(ownOfOther.own, peerOfOther.remote, new Side.Edges(), new WaitSettings(0, 1));
        loop.execute(new IsmCommand.Attach(other, bell));
        detach();
        loop.doWork();
        device.rung.add(doorbell);
        device.rung.add(bell);
        loop.doWork();
        assertThat(loop.counters().get(Counter.SIGNALS)).isEqualTo(1);
    }
}
