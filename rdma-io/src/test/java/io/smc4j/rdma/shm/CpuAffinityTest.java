package io.smc4j.rdma.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CpuAffinityTest {
    private static final Path STATUS = Path.of("/proc/thread-self/status");

    @Test
    void shouldSayWhereTheThreadRuns() {
        assertThat(CpuAffinity.current()).isNotNegative();
    }

    @Test
    void shouldLeaveACpuAndKeepWhatTheThreadMayUse() throws IOException {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "there is no other CPU to move to");
        String allowed = allowed();
        for (int i = 0; i < 10; i++) {
            assertThat(CpuAffinity.leave(CpuAffinity.current())).isTrue();
            assertThat(allowed()).isEqualTo(allowed);
        }
    }

    @Test
    void shouldStayWhereThereIsNowhereToGo() {
        assertThat(CpuAffinity.leave(CpuAffinity.UNKNOWN)).isFalse();
        assertThat(CpuAffinity.leave(Integer.MAX_VALUE)).isFalse();
    }

    private static String allowed() throws IOException {
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .findFirst()
                .orElseThrow();
    }
}
