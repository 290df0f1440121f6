package io.smc4j.rdma.softrdma;

import static io.smc4j.rdma.CompletionStatus.GENERAL_ERR;
import static io.smc4j.rdma.CompletionStatus.REM_INV_REQ_ERR;
import static io.smc4j.rdma.SendWorkRequest.SIGNALED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.DeviceOptions;
import io.smc4j.rdma.MemoryTempDir;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.QueuePairState;
import io.smc4j.rdma.RdmaDevice;
import io.smc4j.rdma.RdmaDeviceFixture;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RtsAttributes;
import io.smc4j.rdma.VerbsNode;
import io.smc4j.rdma.WorkCompletion;
import io.smc4j.rdma.shm.SharedDirectory;
import io.smc4j.rdma.shm.SharedFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A peer that writes what it likes into the files that both map: costs the queue pair, nothing else. */
class SoftRdmaHostilePeerTest extends RdmaDeviceFixture {
    @TempDir(factory = MemoryTempDir.class)
    Path shared;

    /** The file of the ring from {@code a} to {@code b}, mapped once more. */
    private SharedFile ring;

    private FileChannel ringChannel;
    private MemorySegment memory;

    @Override
    protected RdmaDevice openDevice() throws Exception {
        return new SoftRdmaProvider().open("soft0", new DeviceOptions(shared, 2));
    }

    @BeforeEach
    void mapTheRing() throws Exception {
        create(RtsAttributes.linux(0));
    }

    private void create(RtsAttributes attributes) throws Exception {
        qa = a.createQueuePair();
        qb = b.createQueuePair();
        SharedDirectory directory = SharedDirectory.open(shared);
        String name = directory.list().stream()
                .filter(file -> file.endsWith(".qp.%06x".formatted(qb.number())))
                .findFirst()
                .orElseThrow();
        ring = SharedFile.open(directory, name, RingLayout.DATA + RingLayout.CAPACITY);
        ringChannel = FileChannel.open(ring.path(), StandardOpenOption.WRITE);
        memory = ring.memory();
        VerbsNode.connect(a, qa, 1, b, qb, 1, attributes);
    }

    @AfterEach
    void unmapTheRing() throws Exception {
        ringChannel.close();
        ring.close();
    }

    @ParameterizedTest
    @CsvSource({
        "tail, -64",
        "tail, 100",
        "tail, 1048576",
        "tail, 9223372036854775744",
        "payload, -1",
        "payload, 2147483647",
        "payload, 262113",
        "payload, 4096",
        "opcode, 7",
        "opcode, -1",
        "flags, 0",
        "flags, 1",
        "flags, 11",
        "sequence, 5",
        "message, -1",
        "message, 65",
        "message, 63",
        "offset, 1",
        "offset, -2147483648"
    })
    void shouldRefuseAMalformedRing(String field, long value) {
        target.fill((byte) 9);
        write(1, SIGNALED, 0, 64);
        long frame = RingLayout.DATA;
        switch (field) {
            case "tail" -> memory.set(RingLayout.I64, RingLayout.O_TAIL, value);
            case "payload" -> memory.set(RingLayout.I32, frame + RingLayout.F_PAYLOAD, (int) value);
            case "opcode" -> memory.set(RingLayout.I8, frame + RingLayout.F_OPCODE, (byte) value);
            case "flags" -> memory.set(RingLayout.I8, frame + RingLayout.F_FLAGS, (byte) value);
            case "sequence" -> memory.set(RingLayout.I32, frame + RingLayout.F_SEQUENCE, (int) value);
            case "message" -> memory.set(RingLayout.I32, frame + RingLayout.F_MESSAGE_BYTES, (int) value);
            default -> memory.set(RingLayout.I32, frame + RingLayout.F_OFFSET, (int) value);
        }
        until(() -> qb.state() == QueuePairState.ERROR && !a.completions.isEmpty());
        assertThat(qb.toString()).contains("malformed");
        assertThat(a.completions).extracting(WorkCompletion::status).containsExactly(REM_INV_REQ_ERR);
        assertThat(target.toArray(ValueLayout.JAVA_BYTE)).containsOnly(9);
    }

    @ParameterizedTest
    @CsvSource({"executed, 2", "executed, -1", "executed, 9223372036854775807", "head, 1", "head, 100000", "head, -64"})
    void shouldRefuseAcknowledgementsThatMakeNoSense(String field, long value) {
        boolean head = field.equals("head");
        // large enough that the sender has to look at the head
        write(1, SIGNALED, 0, head ? 500_000 : 64);
        memory.set(RingLayout.I64, head ? RingLayout.O_HEAD : RingLayout.O_EXECUTED, value);
        for (int i = 0; i < 100; i++) {
            a.poll();
        }
        assertThat(qa.state()).isEqualTo(QueuePairState.ERROR);
        assertThat(a.completions).extracting(WorkCompletion::status).containsExactly(GENERAL_ERR);
    }

    @Test
    void shouldSurviveRandomScribbling() throws Exception {
        long seed = Long.getLong("smc4j.test.seed", System.nanoTime());
        System.out.println("seed of the scribbling: -Dsmc4j.test.seed=" + seed);
        Random random = new Random(seed);
        MemorySegment fence = b.allocate(BUFFER);
        fence.fill((byte) 1);
        for (int round = 0; round < 300; round++) {
            if (qa.state() == QueuePairState.ERROR || qb.state() == QueuePairState.ERROR || round % 20 == 0) {
                qa.close();
                qb.close();
                unmapTheRing();
                create(RtsAttributes.linux(random.nextInt(1 << 24)));
                postReceives(8);
            }
            for (int i = 0; i < 4; i++) {
                write(i, SIGNALED, 0, random.nextInt(40_000));
                send(i, SIGNALED, 0, random.nextInt(200));
            }
            for (int i = 0; i < 3; i++) {
                // header words, or the headers of frames
                long at = random.nextBoolean()
                        ? RingLayout.O_ATTACHED + 4L * random.nextInt(80)
                        : RingLayout.DATA
                                + 64L * random.nextInt((int) (RingLayout.CAPACITY / 64))
                                + 4L * random.nextInt(8);
                memory.set(RingLayout.I32, at, random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(200_000));
                a.poll();
                b.poll();
            }
        }
        assertThat(fence.toArray(ValueLayout.JAVA_BYTE)).containsOnly(1);
    }

    @Test
    void shouldSurviveATruncatedFile() throws Exception {
        postReceives(4);
        send(1, SIGNALED, 0, 8);
        until(() -> a.completions.size() == 1 && b.completions.size() == 1);
        ringChannel.truncate(0);
        send(2, SIGNALED, 0, 8);
        until(() -> qa.state() == QueuePairState.ERROR && qb.state() == QueuePairState.ERROR);
        until(() -> qa.outstanding() == 0 && qb.outstanding() == 0);
        assertThat(a.completions.getLast().status()).isNotEqualTo(CompletionStatus.SUCCESS);
    }

    @Test
    void shouldNotAnswerASenderWithAnotherFirstSequenceNumber() throws Exception {
        qa = a.createQueuePair();
        qb = b.createQueuePair();
        qa.toInit(1);
        qb.toInit(1);
        qa.toRtr(VerbsNode.towards(b.device.port(1), qb.number(), 1));
        qb.toRtr(VerbsNode.towards(a.device.port(1), qa.number(), 2));
        qa.toRts(new RtsAttributes(1, 8, 1, 7));
        assertIgnored();
    }

    @Test
    void shouldNotAnswerAnotherQueuePairThanItsPeer() throws Exception {
        QueuePair expected = a.createQueuePair();
        qa = a.createQueuePair();
        qb = b.createQueuePair();
        expected.toInit(1);
        qa.toInit(1);
        qb.toInit(1);
        qa.toRtr(VerbsNode.towards(b.device.port(1), qb.number(), 1));
        qb.toRtr(VerbsNode.towards(a.device.port(1), expected.number(), 1));
        qa.toRts(new RtsAttributes(1, 8, 1, 7));
        assertThatThrownBy(() -> expected.toRtr(VerbsNode.towards(b.device.port(1), qb.number(), 1)))
                .isInstanceOfSatisfying(
                        RdmaException.class,
                        e -> assertThat(e.category()).isEqualTo(RdmaException.Category.UNREACHABLE));
        assertIgnored();
    }

    private void assertIgnored() {
        target.fill((byte) 9);
        write(1, SIGNALED, 0, 64);
        until(() -> !a.completions.isEmpty());
        assertThat(a.completions.getFirst().status()).isEqualTo(CompletionStatus.RETRY_EXC_ERR);
        assertThat(target.toArray(ValueLayout.JAVA_BYTE)).containsOnly(9);
        assertThat(qb.state()).isEqualTo(QueuePairState.RTR);
    }
}
