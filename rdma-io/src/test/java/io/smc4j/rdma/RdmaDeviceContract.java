package io.smc4j.rdma;

import static io.smc4j.rdma.CompletionStatus.LOC_LEN_ERR;
import static io.smc4j.rdma.CompletionStatus.LOC_PROT_ERR;
import static io.smc4j.rdma.CompletionStatus.REM_ACCESS_ERR;
import static io.smc4j.rdma.CompletionStatus.REM_INV_REQ_ERR;
import static io.smc4j.rdma.CompletionStatus.RNR_RETRY_EXC_ERR;
import static io.smc4j.rdma.CompletionStatus.SUCCESS;
import static io.smc4j.rdma.CompletionStatus.WR_FLUSH_ERR;
import static io.smc4j.rdma.SendWorkRequest.INLINE;
import static io.smc4j.rdma.SendWorkRequest.SIGNALED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every device must do with work requests, good and bad. Subclass it for a device. */
public abstract class RdmaDeviceContract extends RdmaDeviceFixture {

    @Test
    void shouldHaveWrittenEverythingBeforeALaterSendIsReceived() {
        fill(source, 0, 100_000, 1);
        postReceives(1);
        assertThat(write(1, 0, 0, 100_000)).isEqualTo(QueuePair.OK);
        assertThat(send(2, SIGNALED, 64, 44)).isEqualTo(QueuePair.OK);

        until(() -> !b.completions.isEmpty());

        assertThat(target.asSlice(0, 100_000).mismatch(source.asSlice(0, 100_000)))
                .isEqualTo(-1);
        assertThat(b.completions).containsExactly(new WorkCompletion(0, SUCCESS, qb.number(), 44, true));
        assertThat(received(0, 44)).isEqualTo(source.asSlice(64, 44).toArray(ValueLayout.JAVA_BYTE));
        until(() -> !a.completions.isEmpty());
        assertThat(a.completions).containsExactly(new WorkCompletion(2, SUCCESS, qa.number(), 0, false));
        assertThat(qa.outstanding()).isZero();
        assertThat(qb.outstanding()).isZero();
    }

    @Test
    void shouldGatherSegmentsAndCopyInlinePayload() {
        fill(source, 0, 1000, 7);
        postReceives(2);
        qa.postSend(a.request
                .send(1, SIGNALED)
                .gather(source.address() + 500, 300, sourceRegion.localKey())
                .gather(source.address(), 200, sourceRegion.localKey()));
        try (Arena unregistered = Arena.ofConfined()) {
            MemorySegment header = unregistered.allocate(44);
            fill(header, 0, 44, 99);
            qa.postSend(a.request.send(2, SIGNALED | INLINE).gather(header.address(), 44, 0));
            header.fill((byte) 0);
        }
        until(() -> b.completions.size() == 2);

        assertThat(target.asSlice(receiveOffset(0), 300).mismatch(source.asSlice(500, 300)))
                .isEqualTo(-1);
        assertThat(target.asSlice(receiveOffset(0) + 300, 200).mismatch(source.asSlice(0, 200)))
                .isEqualTo(-1);
        byte[] expected = new byte[44];
        fill(MemorySegment.ofArray(expected), 0, 44, 99);
        assertThat(received(1, 44)).isEqualTo(expected);
    }

    @Test
    void shouldMoveEmptyMessages() {
        postReceives(1);
        assertThat(qa.postSend(a.request.write(1, 0, 0, SIGNALED))).isEqualTo(QueuePair.OK);
        assertThat(qa.postSend(a.request.send(2, SIGNALED))).isEqualTo(QueuePair.OK);
        until(() -> a.completions.size() == 2 && b.completions.size() == 1);
        assertThat(a.completions).extracting(WorkCompletion::status).containsOnly(SUCCESS);
        assertThat(b.completions.getFirst().bytes()).isZero();
    }

    @Test
    void shouldMoveLargeWrites() {
        for (int round = 0; round < 4; round++) {
            fill(source, 0, BUFFER, round);
            write(1, 0, 0, BUFFER / 2);
            write(2, SIGNALED, BUFFER / 2, BUFFER / 2);
            int done = round + 1;
            until(() -> a.completions.size() == done);
            assertThat(target.mismatch(source)).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"after", "before", "key", "local key", "huge"})
    void shouldRefuseWritesOutsideOfRegisteredMemory(String fault) {
        long end = target.address() + BUFFER;
        target.fill((byte) 5);
        int posted = switch (fault) {
            case "after" -> write(1, 0, 0, 100, end - 99, targetRegion.remoteKey());
            case "before" -> write(1, 0, 0, 100, target.address() - 1, targetRegion.remoteKey());
            case "key" -> write(1, 0, 0, 100, target.address(), targetRegion.remoteKey() + 1);
            case "local key" -> write(1, 0, 0, 100, target.address(), targetRegion.localKey() ^ 0x55550000);
            default -> write(1, 0, 0, 100, Long.MAX_VALUE - 10, targetRegion.remoteKey());
        };
        assertThat(posted).isEqualTo(QueuePair.OK);
        assertBroken(REM_ACCESS_ERR);
        assertThat(target.toArray(ValueLayout.JAVA_BYTE)).containsOnly(5);
    }

    @Test
    void shouldRefuseWritesToMemoryRegisteredForLocalUse() throws Exception {
        MemorySegment memory = b.allocate(64);
        MemoryRegion local = b.register(memory, false);
        write(1, 0, 0, 64, memory.address(), local.remoteKey());
        assertBroken(REM_ACCESS_ERR);
    }

    @Test
    void shouldRefuseARevokedKeyInTheMiddleOfAStream() throws Exception {
        postReceives(1);
        write(1, SIGNALED, 0, 64);
        until(() -> a.completions.size() == 1);
        MemorySegment memory = b.allocate(4096);
        MemoryRegion revoked = b.register(memory, true);
        write(2, SIGNALED, 0, 64, memory.address(), revoked.remoteKey());
        until(() -> a.completions.size() == 2);
        revoked.close();
        b.register(memory, true);
        memory.fill((byte) 3);
        fill(source, 0, 64, 1);
        write(3, 0, 0, 64, memory.address(), revoked.remoteKey());
        write(4, 0, 0, 64);
        send(5, SIGNALED, 0, 64);

        until(() -> a.completions.size() == 5 && b.completions.size() == 1);

        assertThat(a.completions.subList(0, 2))
                .extracting(WorkCompletion::status)
                .containsOnly(SUCCESS);
        assertFailed(a.completions.subList(2, 5), REM_ACCESS_ERR);
        assertThat(b.completions).containsExactly(new WorkCompletion(0, WR_FLUSH_ERR, qb.number(), 0, true));
        assertThat(memory.toArray(ValueLayout.JAVA_BYTE)).containsOnly(3);
        assertThat(qb.state()).isEqualTo(QueuePairState.ERROR);
        if (isExactAboutErrors()) {
            assertThat(b.events()).contains(new AsyncEvent.QueuePairFatal(qb.number()));
        }
    }

    @Test
    void shouldCompleteWithAProtectionErrorIfALocalKeyIsWrong() {
        postReceives(1);
        write(1, SIGNALED, 0, 64);
        qa.postSend(a.request.send(2, SIGNALED).gather(source.address(), 64, sourceRegion.localKey() + 1));
        send(3, 0, 0, 64);
        until(() -> a.completions.size() == 3);
        if (isExactAboutErrors()) {
            assertThat(a.completions.getFirst().status()).isEqualTo(SUCCESS);
        }
        assertFailed(a.completions.subList(1, 3), LOC_PROT_ERR);
        assertThat(qa.state()).isEqualTo(QueuePairState.ERROR);
        assertThat(b.completions).isEmpty();
    }

    @Test
    void shouldBreakBothSidesIfASendIsLongerThanTheReceive() {
        postReceives(2);
        send(1, 0, 0, 5000);
        assertBroken(REM_INV_REQ_ERR);
        until(() -> b.completions.size() == 2);
        assertFailed(b.completions, LOC_LEN_ERR);
    }

    @Test
    void shouldWaitForAReceiveForEverIfRetriesAreInfinite() {
        send(1, SIGNALED, 0, 10);
        settle();
        assertThat(a.completions).isEmpty();
        postReceives(1);
        until(() -> a.completions.size() == 1 && b.completions.size() == 1);
        assertThat(a.completions.getFirst().status()).isEqualTo(SUCCESS);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void shouldGiveUpIfNoReceiveIsPostedForTooLong(int retries) throws Exception {
        assumeTrue(choosesRetries(), "this device retries as rdma_cm was told when it connected: for ever");
        connect(new RtsAttributes(1, 15, 7, retries));
        write(1, SIGNALED, 0, 10);
        send(2, SIGNALED, 0, 10);
        write(3, 0, 0, 10);
        until(() -> a.completions.size() == 3);
        assertThat(a.completions)
                .extracting(WorkCompletion::status)
                .containsExactly(SUCCESS, RNR_RETRY_EXC_ERR, WR_FLUSH_ERR);
        postReceives(1);
        settle();
        assertThat(b.completions)
                .describedAs("executed after the sender gave up")
                .isEmpty();
    }

    @Test
    void shouldFlushEveryOutstandingRequestExactlyOnce() {
        postReceives(48);
        for (int i = 0; i < 5; i++) {
            qb.postSend(b.request.send(100 + i, 0).gather(target.address(), 8, targetRegion.localKey()));
        }
        qb.toError();
        qb.toError();
        assertThat(qb.outstanding()).isEqualTo(53);
        until(() -> b.completions.size() == 53);
        settle();

        assertThat(b.receives()).extracting(WorkCompletion::id).containsExactlyElementsOf(ids(0, 48));
        assertThat(b.sends()).extracting(WorkCompletion::id).containsExactlyElementsOf(ids(100, 105));
        assertThat(b.completions).hasSize(53).extracting(WorkCompletion::status).containsOnly(WR_FLUSH_ERR);
        assertThat(qb.outstanding()).isZero();
        assertThat(qb.state()).isEqualTo(QueuePairState.ERROR);
    }

    @Test
    void shouldRefusePostsThatCannotBe() throws Exception {
        QueuePair fresh = a.createQueuePair();
        assertThat(fresh.postReceive(1, source.address(), 8, sourceRegion.localKey()))
                .isEqualTo(QueuePair.WRONG_STATE);
        fresh.toInit(1);
        assertThat(fresh.postReceive(1, source.address(), 8, sourceRegion.localKey()))
                .isEqualTo(QueuePair.OK);
        assertThat(fresh.postSend(a.request.send(1, 0))).isEqualTo(QueuePair.WRONG_STATE);
        assertThat(qa.postSend(a.request
                        .send(1, INLINE)
                        .gather(source.address(), a.device.maxInlineBytes() + 1, sourceRegion.localKey())))
                .isEqualTo(QueuePair.INVALID_REQUEST);
        for (int i = 0; i < 48; i++) {
            assertThat(send(i, SIGNALED, 0, 8)).isEqualTo(QueuePair.OK);
        }
        assertThat(send(48, SIGNALED, 0, 8)).isEqualTo(QueuePair.QUEUE_FULL);
        for (int i = 0; i < 48; i++) {
            assertThat(postReceive(qb, i)).isEqualTo(QueuePair.OK);
        }
        assertThat(postReceive(qb, 48)).isEqualTo(QueuePair.QUEUE_FULL);
        until(() -> a.completions.size() == 48);
        assertThat(a.completions).extracting(WorkCompletion::id).containsExactlyElementsOf(ids(0, 48));
    }

    @Test
    void shouldRefuseTransitionsThatDoNotExist() throws Exception {
        QueuePair fresh = a.createQueuePair();
        PortInfo port = b.device.port(1);
        assertThatThrownBy(() -> fresh.toRts(RtsAttributes.linux(1))).hasMessageContaining("RESET");
        assertThatThrownBy(() -> fresh.toRtr(VerbsNode.towards(port, qb.number(), 1)))
                .hasMessageContaining("RESET");
        assertThatThrownBy(() -> fresh.toInit(99)).hasMessageContaining("99");
        fresh.toInit(1);
        assertThatThrownBy(() -> fresh.toInit(1)).hasMessageContaining("INIT");
        assertThat(fresh.state()).isEqualTo(QueuePairState.INIT);
    }

    @Test
    void shouldRefusePeersThatDoNotExist() throws Exception {
        assumeTrue(findsPeersAtRtr(), "this device does not look for its peer when it goes to RTR");
        QueuePair fresh = a.createQueuePair();
        PortInfo port = b.device.port(1);
        fresh.toInit(otherPort());
        assertThatThrownBy(() -> fresh.toRtr(VerbsNode.towards(port, (qb.number() + 1) & 0xffffff, 1)))
                .isInstanceOfSatisfying(
                        RdmaException.class,
                        e -> assertThat(e.category()).isEqualTo(RdmaException.Category.UNREACHABLE));
        PortInfo nowhere = new PortInfo(1, PortState.ACTIVE, new RdmaGid(0, 0xffff_7f000001L), port.mac(), 1024);
        assertThatThrownBy(() -> fresh.toRtr(VerbsNode.towards(nowhere, qb.number(), 1)))
                .isInstanceOfSatisfying(
                        RdmaException.class,
                        e -> assertThat(e.category()).isEqualTo(RdmaException.Category.UNREACHABLE));
        assertThat(fresh.state()).isEqualTo(QueuePairState.INIT);
    }

    @Test
    void shouldServeManyQueuePairsAtOnce() throws Exception {
        int count = 64;
        List<QueuePair> senders = new ArrayList<>();
        Set<Integer> numbers = new HashSet<>();
        for (int i = 0; i < count; i++) {
            connect(RtsAttributes.linux(i));
            senders.add(qa);
            numbers.add(qb.number());
            postReceive(qb, i);
            postReceive(qb, count + i);
        }
        assertThat(numbers).hasSize(count);
        for (int i = 0; i < 2 * count; i++) {
            source.set(ValueLayout.JAVA_INT, i * 4L, i);
            senders.get(i % count)
                    .postSend(
                            a.request.send(i, SIGNALED).gather(source.address() + i * 4L, 4, sourceRegion.localKey()));
        }
        until(() -> a.completions.size() == 2 * count && b.completions.size() == 2 * count);
        for (int i = 0; i < 2 * count; i++) {
            assertThat(target.get(ValueLayout.JAVA_INT, receiveOffset(i))).isEqualTo(i);
        }
    }

    @Test
    void shouldCompleteInOrderOfExecutionAcrossQueuePairs() throws Exception {
        QueuePair firstSender = qa;
        postReceive(qb, 0);
        connect(RtsAttributes.linux(5));
        postReceive(qb, 1);
        firstSender.postSend(a.request.send(1, SIGNALED).gather(source.address(), 8, sourceRegion.localKey()));
        until(() -> a.completions.size() == 1);
        send(2, SIGNALED, 0, 8);
        until(() -> b.completions.size() == 2);
        assertThat(b.completions).extracting(WorkCompletion::id).containsExactly(0L, 1L);
    }

    @Test
    void shouldDropCompletionsOfADestroyedQueuePair() {
        postReceives(3);
        qb.toError();
        qb.close();
        assertThat(qb.state()).isEqualTo(QueuePairState.DESTROYED);
        settle();
        assertThat(b.completions).isEmpty();
        assertThat(qb.outstanding()).isZero();
    }

    @Test
    void shouldNameWhatIsOpenIfClosedTooEarly() {
        assertThatIllegalStateException()
                .isThrownBy(a.device::close)
                .withMessageContaining("queue pair")
                .withMessageContaining("memory region")
                .withMessageContaining("protection domain")
                .withMessageContaining("completion queue");
        assertThatIllegalStateException().isThrownBy(a.domain::close).withMessageContaining("memory region");
        assertThatIllegalStateException().isThrownBy(a.queue::close).withMessageContaining("queue pair");
    }

    private void assertBroken(CompletionStatus status) {
        send(7, 0, 0, 8);
        until(() -> a.completions.size() == 2);
        assertFailed(a.completions, status);
        assertThat(qa.state()).isEqualTo(QueuePairState.ERROR);
        if (!knowsItsStateAtOnce()) {
            until(() -> qb.state() == QueuePairState.ERROR);
        }
        assertThat(qb.state()).isEqualTo(QueuePairState.ERROR);
    }

    private static List<Long> ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(Long::valueOf).toList();
    }
}
