package io.smc4j.testkit.junit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A test that hangs ends all the same, and says where it was. */
class BoundedRunTest {
    @Test
    void shouldEndAHangingTestAndShowWhereItHangs() {
        CountDownLatch never = new CountDownLatch(1);
        assertThatThrownBy(() -> BoundedRun.of("hangs", never::await).within(1))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("not over after 1 s")
                .hasStackTraceContaining("CountDownLatch.await")
                .satisfies(e -> org.assertj.core.api.Assertions.assertThat(e.getSuppressed())
                        .hasAtLeastOneElementOfType(InterruptedException.class));
    }

    @Test
    void shouldThrowWhatTheTestThrows() {
        assertThatThrownBy(() -> BoundedRun.of("fails", () -> {
                            throw new IllegalStateException("as it is");
                        })
                        .within(10))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("as it is");
    }
}
