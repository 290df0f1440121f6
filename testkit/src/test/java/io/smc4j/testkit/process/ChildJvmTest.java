package io.smc4j.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChildJvmTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);

    @Test
    void shouldPassArgumentsAndLinesBothWays() throws Exception {
        try (ChildJvm child =
                ChildJvm.of(EchoingChild.class).arguments("one", "two").start()) {
            assertThat(child.awaitLine("ready", SOON)).isEqualTo("ready one two");
            child.send("hello");
            assertThat(child.awaitLine("heard", SOON)).isEqualTo("heard hello");
            assertThat(child.isAlive()).isTrue();
        }
    }

    @Test
    void shouldSayWhatAChildSaidBeforeItFailed() throws Exception {
        try (ChildJvm child = ChildJvm.of(EchoingChild.class).name("server").start()) {
            child.awaitLine("ready", SOON);
            child.send("fail");
            assertThat(child.awaitExit(SOON)).isEqualTo(7);
            assertThatThrownBy(() -> child.awaitLine("never", SOON))
                    .isInstanceOf(ChildFailure.class)
                    .hasMessageContaining("process 'server'")
                    .hasMessageContaining("exit code 7")
                    .hasMessageContaining("err: told to fail");
        }
    }

    @Test
    void shouldKillAChildWithSignal9() throws Exception {
        try (ChildJvm child = ChildJvm.of(EchoingChild.class).start()) {
            child.awaitLine("ready", SOON);
            child.kill();
            assertThat(child.awaitExit(SOON)).isEqualTo(128 + 9);
        }
    }

    @Test
    void shouldHoldAChildStillWhileItIsPaused() throws Exception {
        try (ChildJvm child = ChildJvm.of(EchoingChild.class).start()) {
            child.awaitLine("ready", SOON);
            child.pause();
            child.send("while paused");
            assertThatThrownBy(() -> child.awaitLine("heard", SHORT)).isInstanceOf(ChildFailure.class);
            child.resume();
            assertThat(child.awaitLine("heard", SOON)).isEqualTo("heard while paused");
        }
    }

    @Test
    void shouldEndAChildWhoseInputEnds() throws Exception {
        try (ChildJvm child = ChildJvm.of(EchoingChild.class).start()) {
            child.awaitLine("ready", SOON);
            child.endInput();
            assertThat(child.awaitExit(SOON)).isEqualTo(3);
        }
    }

    @Test
    void shouldLeaveNoProcessBehindWhenClosed() throws Exception {
        ChildJvm child = ChildJvm.of(EchoingChild.class).start();
        child.awaitLine("ready", SOON);
        long pid = child.pid();
        child.close();
        child.close();
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    }
}
