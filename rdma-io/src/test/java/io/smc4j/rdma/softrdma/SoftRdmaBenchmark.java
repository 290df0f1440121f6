package io.smc4j.rdma.softrdma;

import io.smc4j.rdma.CompletionStatus;
import io.smc4j.rdma.Completions;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.SendWorkRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Measures softrdma between two processes: round trips of a 64-byte write and a message each way, and bandwidth of writes. Not a
 * test: run {@code main} with {@code spin|await [directory]}.
 */
final class SoftRdmaBenchmark {
    private SoftRdmaBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        String waiting = arguments.length > 0 ? arguments[0] : "spin";
        Path shared = Files.createTempDirectory(Path.of("/dev/shm"), "smc4j-bench-");
        try (TwoProcesses two = new TwoProcesses(shared, "echo", waiting)) {
            roundTrips(two, waiting.equals("spin"), 200_000);
            roundTrips(two, waiting.equals("spin"), 300_000);
            finish(two);
        }
        for (int size : new int[] {64, 4096, 16384, 65536, 524288}) {
            try (TwoProcesses two = new TwoProcesses(shared, "sink", waiting)) {
                bandwidth(two, size, 2_000_000_000L);
                bandwidth(two, size, 6_000_000_000L);
                finish(two);
            }
        }
        try (Stream<Path> left = Files.list(shared)) {
            for (Path empty : left.toList()) {
                Files.delete(empty);
            }
        }
        Files.delete(shared);
    }

    private static void finish(TwoProcesses two) throws InterruptedException {
        two.child.tell("exit");
        two.child.join();
    }

    private static void roundTrips(TwoProcesses two, boolean spin, int count) {
        Completions batch = new Completions(16);
        long[] nanos = new long[count];
        QueuePair queuePair = two.queuePairs[1];
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            two.write(1, i, 0, 0, 64);
            queuePair.postSend(two.node
                    .request
                    .send(i, SendWorkRequest.SIGNALED | SendWorkRequest.INLINE)
                    .gather(two.region.address(), 44, 0));
            boolean answered = false;
            while (!answered) {
                if (!spin) {
                    two.node.queue.arm();
                }
                int got = two.node.queue.poll(batch);
                if (got == 0 && !spin) {
                    two.node.queue.await(1_000_000_000);
                }
                for (int k = 0; k < got; k++) {
                    check(batch, k);
                    if (batch.isReceive(k)) {
                        answered = true;
                        SoftRdmaChild.receive(
                                queuePair, two.region, 1, (int) batch.workRequestId(k) % SoftRdmaChild.RECEIVES);
                    }
                }
            }
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        System.out.printf(
                "write 64 B + message, round trip: p50 %d ns, p99 %d ns, p99.9 %d ns%n",
                nanos[count / 2], nanos[count / 100 * 99], nanos[count / 1000 * 999]);
    }

    private static void bandwidth(TwoProcesses two, int size, long bytes) {
        Completions batch = new Completions(48);
        long count = bytes / Math.max(size, 512);
        long posted = 0;
        long done = 0;
        long offset = 0;
        long start = System.nanoTime();
        while (done < count) {
            while (posted < count && two.write(1, posted, SendWorkRequest.SIGNALED, offset, size) == QueuePair.OK) {
                posted++;
                offset = offset + 2L * size <= SoftRdmaChild.BUFFER ? offset + size : 0;
            }
            int got = two.node.queue.poll(batch);
            for (int k = 0; k < got; k++) {
                check(batch, k);
            }
            done += got;
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "writes of %d B: %.2f GB/s, %.2f million/s%n",
                size, count * (double) size / seconds / 1e9, count / seconds / 1e6);
    }

    private static void check(Completions batch, int i) {
        if (batch.status(i) != CompletionStatus.SUCCESS) {
            throw new IllegalStateException("completed with " + batch.status(i));
        }
    }
}
