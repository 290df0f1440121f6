package io.smc4j.rdma.softrdma;

import static io.smc4j.rdma.CompletionStatus.RETRY_EXC_ERR;
import static io.smc4j.rdma.CompletionStatus.SUCCESS;
import static io.smc4j.rdma.CompletionStatus.WR_FLUSH_ERR;
import static io.smc4j.rdma.SendWorkRequest.SIGNALED;
import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.rdma.AsyncEvent;
import io.smc4j.rdma.MemoryTempDir;
import io.smc4j.rdma.QueuePairState;
import io.smc4j.rdma.WorkCompletion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What needs a second process: data between address spaces, its death, its pauses, its ports. */
class SoftRdmaProcessesTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @TempDir(factory = MemoryTempDir.class)
    Path shared;

    @Test
    void shouldCarryWritesAndMessagesBothWays() throws Exception {
        try (TwoProcesses two = new TwoProcesses(shared, "echo", "await")) {
            assertThat(ringFiles()).describedAs("names of connected rings").isEmpty();
            for (int i = 0; i < 200; i++) {
                // the child's answer brings back what was written to the start of its memory
                two.memory.set(ValueLayout.JAVA_LONG, 0, i * 0x0101010101L);
                int port = 1 + i % 2;
                two.write(port, i, 0, 0, 600_000);
                two.send(port, i, SIGNALED, 44);
                two.memory.set(ValueLayout.JAVA_LONG, 8, -1);
                await(
                        two,
                        () -> !two.node.receives().isEmpty()
                                && !two.node.sends().isEmpty());
                assertThat(two.node.completions)
                        .extracting(WorkCompletion::status)
                        .containsOnly(SUCCESS);
                assertThat(two.memory.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(i * 0x0101010101L);
                int slot = (int) two.node.receives().getFirst().id() % SoftRdmaChild.RECEIVES;
                SoftRdmaChild.receive(two.queuePairs[port], two.region, port, slot);
                two.node.completions.clear();
            }
            two.child.tell("exit");
            assertThat(two.child.join()).isZero();
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void shouldBreakQueuePairsWithinASecondIfThePeerIsKilled() throws Exception {
        try (TwoProcesses two = new TwoProcesses(shared, "sink", "await")) {
            two.child.tell("down 2");
            assertThat(two.child.line()).isEqualTo("done");
            two.send(2, 1, SIGNALED, 44);
            two.send(2, 2, 0, 44);
            two.node.poll();
            two.child.kill();
            long killed = System.nanoTime();
            await(
                    two,
                    () -> two.queuePairs[1].state() == QueuePairState.ERROR
                            && two.queuePairs[2].state() == QueuePairState.ERROR);
            assertThat(System.nanoTime() - killed).isLessThan(SECOND);
            await(two, () -> two.node.completions.size() == 2 + 2 * SoftRdmaChild.RECEIVES);

            assertThat(two.node.sends())
                    .extracting(WorkCompletion::status)
                    .containsExactly(RETRY_EXC_ERR, WR_FLUSH_ERR);
            assertThat(two.node.receives()).extracting(WorkCompletion::status).containsOnly(WR_FLUSH_ERR);
            assertThat(two.node.events())
                    .contains(
                            new AsyncEvent.QueuePairFatal(two.queuePairs[1].number()),
                            new AsyncEvent.QueuePairFatal(two.queuePairs[2].number()));
            assertThat(files()).describedAs("files of the dead process").allMatch(this::isOurs);
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void shouldBreakQueuePairsOfAKilledPeerInTheMiddleOfTraffic() throws Exception {
        try (TwoProcesses two = new TwoProcesses(shared, "sink", "spin")) {
            for (int i = 0; i < 20; i++) {
                two.write(1, i, SIGNALED, 0, 900_000);
            }
            await(two, () -> two.node.completions.size() > 3);
            two.child.kill();
            long killed = System.nanoTime();
            await(two, () -> two.queuePairs[1].state() == QueuePairState.ERROR);
            assertThat(System.nanoTime() - killed).isLessThan(SECOND);
            await(two, () -> two.queuePairs[1].outstanding() == 0);
            List<WorkCompletion> sends = two.node.sends();
            assertThat(sends)
                    .extracting(WorkCompletion::id)
                    .startsWith(0L, 1L, 2L)
                    .endsWith(19L);
            assertThat(sends.stream().filter(c -> c.status() == RETRY_EXC_ERR)).hasSizeLessThanOrEqualTo(1);
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void shouldWaitForAStoppedProcess() throws Exception {
        try (TwoProcesses two = new TwoProcesses(shared, "sink", "await")) {
            signal("STOP", two);
            await(two, () -> stopped(two.child.pid()));
            two.send(1, 1, SIGNALED, 44);
            long start = System.nanoTime();
            while (System.nanoTime() - start < 3 * SECOND / 2) {
                two.node.queue.arm();
                two.node.poll();
                two.node.queue.await(SECOND / 10);
            }
            assertThat(two.node.completions).isEmpty();
            signal("CONT", two);
            await(two, () -> !two.node.completions.isEmpty());
            assertThat(two.node.completions.getFirst().status()).isEqualTo(SUCCESS);
        }
    }

    @Test
    void shouldGoOnIfAPortOfTheOtherProcessComesBack() throws Exception {
        try (TwoProcesses two = new TwoProcesses(shared, "echo", "await")) {
            two.child.tell("down 1");
            assertThat(two.child.line()).isEqualTo("done");
            two.send(1, 1, SIGNALED, 44);
            two.send(2, 2, SIGNALED, 44);
            await(two, () -> !two.node.sends().isEmpty() && !two.node.receives().isEmpty());
            assertThat(two.node.sends()).extracting(WorkCompletion::id).containsExactly(2L);
            two.child.tell("up 1");
            await(two, () -> two.node.sends().size() == 2 && two.node.receives().size() == 2);
            assertThat(two.node.completions).extracting(WorkCompletion::status).containsOnly(SUCCESS);
        }
    }

    private static void signal(String name, TwoProcesses two) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(two.child.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** The signal is delivered to the process; each of its threads stops a moment later. */
    private static boolean stopped(long pid) {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return threads.allMatch(thread -> state(thread) == 'T');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static char state(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return 'X'; // ended since it was listed: the next look does not see it
        }
    }

    private static void await(TwoProcesses two, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            two.node.queue.arm();
            if (two.node.poll() == 0) {
                two.node.queue.await(SECOND);
            }
            assertThat(System.nanoTime() - start)
                    .describedAs("waiting; %s %s", List.of(two.queuePairs[1], two.queuePairs[2]), two.node.completions)
                    .isLessThan(20 * SECOND);
        }
    }

    private List<String> files() throws Exception {
        try (Stream<Path> all = Files.walk(shared)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    private List<String> ringFiles() throws Exception {
        return files().stream().filter(name -> name.contains(".qp.")).toList();
    }

    /** Only this process's device is left, with its page and two GIDs. */
    private boolean isOurs(String name) {
        try {
            return name.startsWith(files().stream()
                            .filter(other -> other.endsWith(".node"))
                            .findFirst()
                            .orElseThrow()
                            .substring(0, 16))
                    && files().size() == 3;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
