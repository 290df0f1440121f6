package io.smc4j.rdma.shm;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.rdma.Availability;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PlatformTest {
    @Test
    void shouldKnowBothArchitecturesThatHaveFutexNumbers() {
        assertThat(Platform.of("Linux", "amd64").futexNumber()).isEqualTo(202);
        assertThat(Platform.of("Linux", "aarch64").futexNumber()).isEqualTo(98);
    }

    @Test
    void shouldRefuseOtherSystemsRatherThanGuess() {
        assertThat(Platform.of("Linux", "riscv64")).isEqualTo(Platform.UNSUPPORTED);
        assertThat(Platform.of("Mac OS X", "aarch64")).isEqualTo(Platform.UNSUPPORTED);
    }

    @Test
    void shouldSayWhatIsMissingAndWhatToDo() {
        assertThat(SharedMemory.availability(Path.of("/no/such/directory")))
                .isInstanceOfSatisfying(Availability.Unavailable.class, unavailable -> {
                    assertThat(unavailable.reason()).contains("/no/such/directory");
                    assertThat(unavailable.advice()).contains("tmpfs");
                });
    }
}
