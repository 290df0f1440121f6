package io.smc4j.rdma.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.smc4j.rdma.MemoryTempDir;
import io.smc4j.rdma.RdmaException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedDirectoryTest {
    @TempDir(factory = MemoryTempDir.class)
    Path root;

    @Test
    void shouldMakeADirectoryThatNobodyElseCanEnter() throws Exception {
        SharedDirectory directory = SharedDirectory.open(root);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())))
                .isEqualTo("rwx------");
        assertThat(directory.path().getFileName().toString()).startsWith("smc4j-");
    }

    @Test
    void shouldRefuseADirectoryThatOthersCanEnter() throws Exception {
        Path path = SharedDirectory.open(root).path();
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x---"));

        assertThatExceptionOfType(RdmaException.class)
                .isThrownBy(() -> SharedDirectory.open(root))
                .withMessageContaining(path.toString())
                .withMessageContaining("mode 710");
    }

    @Test
    void shouldRefuseASymbolicLink() throws Exception {
        Path path = SharedDirectory.open(root).path();
        Path elsewhere = Files.move(path, root.resolve("elsewhere"));
        Files.createSymbolicLink(path, elsewhere);

        assertThatExceptionOfType(RdmaException.class)
                .isThrownBy(() -> SharedDirectory.open(root))
                .withMessageContaining("is not a directory");
    }

    @Test
    void shouldNotResolveNamesThatLeadElsewhere() throws Exception {
        SharedDirectory directory = SharedDirectory.open(root);

        for (String name : new String[] {"../x", "a/b", "", ".", "..", "a\0b"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> directory.resolve(name));
        }
    }

    @Test
    void shouldSweepFilesWithoutANodeButKeepThoseOfTheDirectory() throws Exception {
        SharedDirectory directory = SharedDirectory.open(root);
        Files.writeString(directory.resolve("0123456789abcdef.dmb.77"), "left behind");
        Files.writeString(directory.resolve("0123456789abcdea.node.tmp"), "creator died");
        Files.writeString(directory.resolve("0123456789abcdeb.node"), "killed");
        Files.writeString(directory.resolve("fabric"), "kept");

        assertThat(directory.sweepDead()).isEqualTo(3);

        assertThat(directory.list()).containsExactly("fabric");
    }

    @Test
    void shouldLeaveAHalfMadeNodeToItsLivingCreator() throws Exception {
        SharedDirectory directory = SharedDirectory.open(root);
        Path unborn = directory.resolve("0123456789abcdea.node.tmp");
        try (NativeFile creator = NativeFile.create(unborn)) {
            assertThat(creator.tryLock()).isTrue();

            assertThat(directory.sweepDead()).isZero();

            assertThat(unborn).exists();
        }
    }
}
