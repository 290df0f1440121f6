package io.smc4j.benchmarks.perf.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompilerClockTest {
    @TempDir
    private Path tasks;

    private void thread(String id, String name, String schedule) throws IOException {
        Path thread = Files.createDirectory(tasks.resolve(id));
        Files.writeString(thread.resolve("comm"), name + "\n");
        Files.writeString(thread.resolve("schedstat"), schedule + "\n");
    }

    @Test
    void shouldAddUpTheCompilersAndNobodyElse() throws IOException {
        thread("1", "java", "9000000000 1 2");
        thread("7", "C1 CompilerThre", "1500000000 5 6");
        thread("8", "C2 CompilerThre", "2000000000 5 6");
        Files.createDirectory(tasks.resolve("9")); // it has just ended
        assertThat(new CompilerClock(tasks).millis()).isEqualTo(3500);
    }

    @Test
    void shouldTakeTheJvmsWordWhereTheKernelDoesNotTell() {
        assertThat(new CompilerClock(tasks.resolve("none")).millis()).isPositive();
    }
}
