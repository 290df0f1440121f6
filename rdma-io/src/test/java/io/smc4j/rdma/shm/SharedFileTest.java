package io.smc4j.rdma.shm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.smc4j.rdma.MemoryTempDir;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaException.Category;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedFileTest {
    @TempDir(factory = MemoryTempDir.class)
    Path root;

    private SharedDirectory directory;

    @BeforeEach
    void open() throws Exception {
        directory = SharedDirectory.open(root);
    }

    @Test
    void shouldShareBytesBetweenTwoMappingsEvenAfterUnlink() throws Exception {
        try (SharedFile mine = SharedFile.create(directory, "a", 8192);
                SharedFile peers = SharedFile.open(directory, "a", 8192)) {
            mine.unlink();
            peers.memory().set(JAVA_BYTE, 8191, (byte) 42);

            assertThat(mine.memory().get(JAVA_BYTE, 8191)).isEqualTo((byte) 42);
            assertThat(mine.memory().byteSize()).isEqualTo(8192);
            assertThat(directory.list()).isEmpty();
        }
    }

    @Test
    void shouldMakeFilesThatOnlyTheOwnerCanRead() throws Exception {
        try (SharedFile file = SharedFile.create(directory, "a", 1)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void shouldThrowOnAccessAfterClose() throws Exception {
        SharedFile file = SharedFile.create(directory, "a", 4096);
        file.close();
        file.close();

        assertThatIllegalStateException().isThrownBy(() -> file.memory().get(JAVA_BYTE, 0));
    }

    @Test
    void shouldUnmapOnlyWhenNoCopyUsesIt() throws Exception {
        for (int round = 0; round < 50; round++) {
            SharedFile file = SharedFile.create(directory, "busy" + round, 1 << 20);
            byte[] bytes = new byte[1 << 20];
            CountDownLatch started = new CountDownLatch(1);
            Thread copier = Thread.ofPlatform().start(() -> {
                try {
                    while (true) {
                        CrossCoreCopy.copy(MemorySegment.ofArray(bytes), 0, file.memory(), 0, bytes.length);
                        started.countDown();
                    }
                } catch (IllegalStateException _) {
                    // closed: what the test waits for
                }
            });
            started.await();
            file.close();
            assertThat(file.memory().scope().isAlive()).isFalse();
            copier.join();
            file.unlink();
        }
    }

    @Test
    void shouldSayHowMuchWasWantedWhereWhenThereIsNoRoom() {
        long everything = 1L << 46;

        assertThatExceptionOfType(RdmaException.class)
                .isThrownBy(() -> SharedFile.create(directory, "a", everything))
                .withMessageContaining(Long.toString(everything))
                .withMessageContaining(directory.path().toString())
                .satisfies(e -> assertThat(e.category()).isEqualTo(Category.OUT_OF_RESOURCES));
        assertThat(directory.list()).isEmpty();
    }

    @Test
    void shouldNotTouchAFileThatExists() throws Exception {
        Files.writeString(directory.resolve("a"), "precious");

        assertThatExceptionOfType(RdmaException.class)
                .isThrownBy(() -> SharedFile.create(directory, "a", 4096))
                .withMessageContaining("EEXIST");
        assertThat(directory.resolve("a")).hasContent("precious");
    }

    @Test
    void shouldRefuseFilesOfAnotherSizeOrMode() throws Exception {
        SharedFile.create(directory, "a", 4096).close();

        assertThatExceptionOfType(RdmaException.class)
                .isThrownBy(() -> SharedFile.open(directory, "a", 8192))
                .withMessageContaining("4096 bytes, not 8192");
        Files.setPosixFilePermissions(directory.resolve("a"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThatExceptionOfType(RdmaException.class)
                .isThrownBy(() -> SharedFile.open(directory, "a", 4096))
                .withMessageContaining("mode 600");
        assertThatExceptionOfType(RdmaException.class)
                .isThrownBy(() -> SharedFile.open(directory, "b", 4096))
                .satisfies(e -> assertThat(e.category()).isEqualTo(Category.UNREACHABLE));
    }
}
