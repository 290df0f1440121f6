package io.smc4j.benchmarks.perf.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {
    @TempDir
    private Path directory;

    @Test
    void shouldBeUsedOnlyIfItIsYoungerThanTheJar() throws IOException {
        Path jar = Files.createFile(directory.resolve("a.jar"));
        ClassArchive archive = ClassArchive.of(jar, Runtime.version());
        assertThat(archive.isPossible()).isTrue();
        assertThat(archive.toUse()).isEmpty();
        assertThat(archive.toWrite()).containsExactly("-XX:ArchiveClassesAtExit=" + archive.file());

        Files.createFile(archive.file());
        Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000));
        assertThat(archive.toUse()).containsExactly("-XX:SharedArchiveFile=" + archive.file());

        Files.setLastModifiedTime(archive.file(), FileTime.fromMillis(999));
        assertThat(archive.isCurrent()).isFalse();
        assertThat(archive.toUse()).isEmpty();
    }

    @Test
    void shouldBeAnotherForAnotherJvm() {
        Path jar = directory.resolve("a.jar");
        assertThat(ClassArchive.of(jar, Runtime.Version.parse("25.0.1+8")).file())
                .isNotEqualTo(
                        ClassArchive.of(jar, Runtime.Version.parse("25.0.2+1")).file());
    }

    @Test
    void shouldNotBeUsedWhereClassesAreInDirectories() {
        assertThat(ClassArchive.of(directory, Runtime.version()).isPossible()).isFalse();
        assertThat(ClassArchive.of(Path.of("a.jar:b.jar"), Runtime.version()).toUse())
                .isEmpty();
    }
}
