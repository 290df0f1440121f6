package io.smc4j.rdma.ibverbs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.rdma.AsyncEvent;
import io.smc4j.rdma.Availability;
import io.smc4j.rdma.CompletionQueue;
import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.Completions;
import io.smc4j.rdma.DeviceOptions;
import io.smc4j.rdma.PortGid;
import io.smc4j.rdma.PortState;
import io.smc4j.rdma.ProtectionDomain;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.QueuePairCapacity;
import io.smc4j.rdma.QueuePairState;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaException.Category;
import io.smc4j.rdma.RdmaGid;
import io.smc4j.rdma.RtrAttributes;
import io.smc4j.rdma.RtsAttributes;
import io.smc4j.rdma.SendWorkRequest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the device makes of libibverbs' calls, without hardware; with hardware, IbVerbsDeviceTest runs what every device must do. */
class IbDeviceTest {
    private static final QueuePairCapacity CAPACITY = new QueuePairCapacity(4, 4, 2);
    private static final RdmaGid PEER = new RdmaGid(0, 0xffff_0a63_0002L);

    private final FakeVerbs verbs = new FakeVerbs();
    private final Completions batch = new Completions(16);
    private final SendWorkRequest request = new SendWorkRequest();

    @AfterEach
    void free() {
        verbs.arena.close();
    }

    private IbDevice open() throws RdmaException {
        return IbDevice.open(verbs, "fake0");
    }

    private static QueuePair ready(ProtectionDomain domain, CompletionQueue queue) throws RdmaException {
        return ready(domain, queue, PortGid.Type.ROCE_V2);
    }

    private static QueuePair ready(ProtectionDomain domain, CompletionQueue queue, PortGid.Type roce)
            throws RdmaException {
        QueuePair queuePair = domain.createQueuePair(queue, CAPACITY);
        queuePair.toInit(1);
        queuePair.toRtr(new RtrAttributes(PEER, 0x525400000102L, 0x1234, 0x777, 4096, 1, 5, roce));
        queuePair.toRts(RtsAttributes.linux(0x888));
        return queuePair;
    }

    @Test
    void shouldShowTheIpv4GidOfRoceV2First() throws Exception {
        try (IbDevice device = open()) {
            assertThat(device.port(1).gid()).isEqualTo(new RdmaGid(0, 0xffff_0a63_0001L));
            assertThat(device.port(1).state()).isEqualTo(PortState.ACTIVE);
            assertThat(device.port(1).mtuBytes()).isEqualTo(1024);
            assertThat(device.port(1).gids()).hasSize(4);
            assertThatThrownBy(() -> device.port(2)).hasMessageContaining("ports 1 to 1");
        }
    }

    @Test
    void shouldSendFromTheGidOfTheRoceVersionWanted() throws Exception {
        try (IbDevice device = open();
                ProtectionDomain domain = device.allocateProtectionDomain();
                CompletionQueue queue = device.createCompletionQueue(64);
                QueuePair _ = ready(domain, queue, PortGid.Type.ROCE_V1)) {
            MemorySegment rtr = MemorySegment.ofArray(verbs.modifications.get(verbs.modifications.size() - 2));
            assertThat(rtr.get(JAVA_BYTE, Abi.ATTR_SGID_INDEX)).isEqualTo((byte) 0);
            assertThat(device.port(1).entry(PortGid.Type.ROCE_V1).orElseThrow().gid())
                    .isEqualTo(new RdmaGid(0xfe80L << 48, 0x505400fffe000101L));
        }
    }

    @Test
    void shouldSetWhatLinuxSets() throws Exception {
        try (IbDevice device = open();
                ProtectionDomain domain = device.allocateProtectionDomain();
                CompletionQueue queue = device.createCompletionQueue(64);
                QueuePair _ = ready(domain, queue)) {
            int first = verbs.modifications.size() - 3;
            assertThat(verbs.masks.subList(first, first + 3)).containsExactly(0x39, 0x12_9181, 0x1_2e01);

            MemorySegment rtr = MemorySegment.ofArray(verbs.modifications.get(first + 1));
            assertThat(rtr.get(JAVA_INT_UNALIGNED, Abi.ATTR_PATH_MTU))
                    .describedAs("the port's 1024")
                    .isEqualTo(3);
            assertThat(rtr.get(JAVA_INT_UNALIGNED, Abi.ATTR_DEST_QP)).isEqualTo(0x1234);
            assertThat(rtr.get(JAVA_INT_UNALIGNED, Abi.ATTR_RQ_PSN)).isEqualTo(0x777);
            assertThat(rtr.get(JAVA_BYTE, Abi.ATTR_SGID_INDEX)).isEqualTo((byte) 3);
            assertThat(rtr.get(JAVA_BYTE, Abi.ATTR_HOP_LIMIT)).isEqualTo((byte) 1);
            assertThat(rtr.asSlice(Abi.ATTR_DGID, 16).toArray(JAVA_BYTE))
                    .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 99, 0, 2);

            MemorySegment rts = MemorySegment.ofArray(verbs.modifications.get(first + 2));
            assertThat(rts.get(JAVA_INT_UNALIGNED, Abi.ATTR_SQ_PSN)).isEqualTo(0x888);
            assertThat(rts.get(JAVA_BYTE, Abi.ATTR_TIMEOUT)).isEqualTo((byte) 15);
            assertThat(rts.get(JAVA_BYTE, Abi.ATTR_RETRY_CNT)).isEqualTo((byte) 7);
            assertThat(rts.get(JAVA_BYTE, Abi.ATTR_RNR_RETRY)).isEqualTo((byte) 7);
        }
    }

    @Test
    void shouldCompleteUnsignaledRequestsWithTheNextSignaledOne() throws Exception {
        try (IbDevice device = open();
                ProtectionDomain domain = device.allocateProtectionDomain();
                CompletionQueue queue = device.createCompletionQueue(64);
                QueuePair queuePair = ready(domain, queue)) {
            assertThat(queuePair.postSend(request.write(501, 1, 2, 0))).isEqualTo(QueuePair.OK);
            assertThat(queuePair.postSend(request.send(502, SendWorkRequest.SIGNALED)))
                    .isEqualTo(QueuePair.OK);
            assertThat(queuePair.outstanding()).isEqualTo(2);
            verbs.completions.add(new FakeVerbs.Wc(verbs.sendIds.getLast(), 0, 0));

            assertThat(queue.poll(batch)).isEqualTo(1);
            assertThat(batch.workRequestId(0)).isEqualTo(502);
            assertThat(batch.queuePair(0)).isEqualTo(queuePair.number());
            assertThat(batch.isReceive(0)).isFalse();
            assertThat(queuePair.outstanding()).isZero();
        }
    }

    @Test
    void shouldTellReceivesFromSendsWhenBothAreFlushed() throws Exception {
        try (IbDevice device = open();
                ProtectionDomain domain = device.allocateProtectionDomain();
                CompletionQueue queue = device.createCompletionQueue(64);
                QueuePair queuePair = ready(domain, queue)) {
            queuePair.postReceive(1, 4096, 64, 77);
            queuePair.postSend(request.send(2, 0));
            verbs.completions.add(new FakeVerbs.Wc(verbs.receiveIds.getLast(), 5, 99));
            verbs.completions.add(new FakeVerbs.Wc(verbs.sendIds.getLast(), 5, 99));

            assertThat(queue.poll(batch)).isEqualTo(2);
            assertThat(batch.isReceive(0)).isTrue();
            assertThat(batch.isReceive(1)).isFalse();
            assertThat(batch.status(0)).isEqualTo(CompletionStatus.WR_FLUSH_ERR);
            assertThat(batch.byteCount(0)).describedAs("of a failed receive").isZero();
            assertThat(queuePair.state()).isEqualTo(QueuePairState.ERROR);
        }
    }

    @Test
    void shouldDropCompletionsOfAnEarlierQueuePairInTheSameSlotAndRepeatedOnes() throws Exception {
        try (IbDevice device = open();
                ProtectionDomain domain = device.allocateProtectionDomain();
                CompletionQueue queue = device.createCompletionQueue(64)) {
            QueuePair earlier = ready(domain, queue);
            earlier.postSend(request.send(1, SendWorkRequest.SIGNALED));
            long stale = verbs.sendIds.getLast();
            earlier.close();
            try (QueuePair later = ready(domain, queue)) {
                later.postSend(request.send(2, SendWorkRequest.SIGNALED));
                long current = verbs.sendIds.getLast();
                verbs.completions.add(new FakeVerbs.Wc(stale, 0, 0));
                verbs.completions.add(new FakeVerbs.Wc(current, 0, 0));
                verbs.completions.add(new FakeVerbs.Wc(current, 0, 0));

                assertThat(queue.poll(batch)).isEqualTo(1);
                assertThat(batch.workRequestId(0)).isEqualTo(2);
            }
        }
    }

    @Test
    void shouldPostNoMoreThanWasAskedFor() throws Exception {
        try (IbDevice device = open();
                ProtectionDomain domain = device.allocateProtectionDomain();
                CompletionQueue queue = device.createCompletionQueue(64);
                QueuePair queuePair = ready(domain, queue)) {
            for (int i = 0; i < 4; i++) {
                assertThat(queuePair.postSend(request.send(i, 0))).isEqualTo(QueuePair.OK);
            }
            int before = verbs.posted;
            assertThat(queuePair.postSend(request.send(5, 0))).isEqualTo(QueuePair.QUEUE_FULL);
            assertThat(verbs.posted).isEqualTo(before);
            verbs.errors.put("post", Errors.EINVAL);
            assertThat(queuePair.postReceive(1, 4096, 64, 1)).isEqualTo(QueuePair.INVALID_REQUEST);
            assertThat(queuePair.outstanding()).isEqualTo(4);
        }
    }

    @Test
    void shouldWakeASleeperAndTheNextOne() throws Exception {
        try (IbDevice device = open();
                CompletionQueue queue = device.createCompletionQueue(64)) {
            queue.wakeUp(); // before anybody sleeps
            queue.arm();
            queue.await(60_000_000_000L);

            Thread sleeper = Thread.ofPlatform().start(() -> {
                queue.arm();
                queue.await(60_000_000_000L);
            });
            while (sleeper.isAlive()) {
                queue.wakeUp();
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void shouldSayWhichCallFailedWithWhatAndHowToMendIt() throws Exception {
        try (IbDevice device = open();
                ProtectionDomain domain = device.allocateProtectionDomain();
                CompletionQueue queue = device.createCompletionQueue(64);
                Arena arena = Arena.ofShared();
                QueuePair queuePair = domain.createQueuePair(queue, CAPACITY)) {
            verbs.errors.put("mr", Errors.ENOMEM);
            assertThatThrownBy(() -> domain.register(arena.allocate(4096), true))
                    .isInstanceOfSatisfying(
                            RdmaException.class, e -> assertThat(e.category()).isEqualTo(Category.OUT_OF_RESOURCES))
                    .hasMessageContainingAll("ibv_reg_mr(", "4096 bytes", "ENOMEM", "ulimit -l");
            verbs.errors.put("modify", Errors.EINVAL);
            assertThatThrownBy(() -> queuePair.toInit(1))
                    .hasMessageContainingAll("ibv_modify_qp(", "INIT on port 1", "EINVAL");
            assertThat(queuePair.state()).isEqualTo(QueuePairState.RESET);
            verbs.errors.clear();
        }
        verbs.errors.put("open", Errors.EACCES);
        assertThatThrownBy(this::open).hasMessageContainingAll("ibv_open_device(fake0)", "EACCES", "/dev/infiniband");
    }

    @Test
    void shouldRefuseALibraryThatLaysItsStructsOutDifferently() {
        verbs.brokenLayout = true;
        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        RdmaException.class, e -> assertThat(e.category()).isEqualTo(Category.UNSUPPORTED))
                .hasMessageContainingAll("lays struct", "libibverbs");
        assertThat(verbs.closed).contains("device");
    }

    @Test
    void shouldReportALostDeviceOnce() throws Exception {
        try (IbDevice device = open();
                CompletionQueue queue = device.createCompletionQueue(64)) {
            verbs.errors.put("poll", 1);
            queue.poll(batch);
            queue.poll(batch);
            assertThat(device.pollAsyncEvent()).isInstanceOf(AsyncEvent.DeviceFatal.class);
            assertThat(device.pollAsyncEvent()).isNull();
            verbs.errors.clear();
        }
    }

    @Test
    void shouldSayWhatToInstall() {
        var provider = new IbVerbsProvider(() -> {
            throw new IllegalArgumentException("cannot open");
        });
        assertThat(provider.availability(DeviceOptions.defaults()))
                .isInstanceOfSatisfying(Availability.Unavailable.class, no -> {
                    assertThat(no.reason()).contains("libibverbs.so.1").contains("not installed");
                    assertThat(no.advice()).contains("ibverbs-providers");
                });
        assertThat(provider.deviceNames(DeviceOptions.defaults())).isEmpty();
        var tooOld = new IbVerbsProvider(() -> {
            throw new Symbols.MissingSymbolException("libibverbs.so.1", "_ibv_query_gid_table", new RuntimeException());
        });
        assertThatThrownBy(() -> tooOld.open("mlx5_0", DeviceOptions.defaults()))
                .hasMessageContainingAll("_ibv_query_gid_table", "older than rdma-core");
        assertThatThrownBy(() -> new IbVerbsProvider(() -> verbs).open("mlx5_0", DeviceOptions.defaults()))
                .hasMessageContainingAll("no RDMA device 'mlx5_0'", "fake0");
    }
}
