package io.smc4j.benchmarks.perf.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.benchmarks.perf.plan.PeerName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {
    @TempDir
    private Path directory;

    @Test
    void shouldBeWrittenByOneChildAndReadByAllOnceItIsThere() throws IOException {
        ClassArchive archive = new ClassArchive(Files.createFile(directory.resolve("a.jar")));
        Path file = directory.resolve("a.jar.jsa");
        String use = "-XX:SharedArchiveFile=" + file;
        assertThat(archive.flags(PeerName.TCP, "client")).isEmpty();
        assertThat(archive.flags(PeerName.SMC_D, "server")).isEmpty();
        assertThat(archive.flags(PeerName.SMC_D, "client")).containsExactly("-XX:+AutoCreateSharedArchive", use);
        Files.createFile(file);
        assertThat(archive.flags(PeerName.TCP, "client")).containsExactly(use);
        assertThat(archive.flags(PeerName.SMC_D, "server")).containsExactly(use);
    }

    @Test
    void shouldNotBeUsedWhereClassesAreInDirectories() {
        assertThat(new ClassArchive(directory).flags(PeerName.SMC_D, "client")).isEmpty();
        assertThat(new ClassArchive(Path.of("a.jar:b.jar")).flags(PeerName.SMC_D, "client"))
                .isEmpty();
    }
}
