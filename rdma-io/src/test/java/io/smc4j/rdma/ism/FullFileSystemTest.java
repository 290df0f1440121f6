package io.smc4j.rdma.ism;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smc4j.rdma.DeviceOptions;
import io.smc4j.rdma.Dmb;
import io.smc4j.rdma.IsmDevice;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaException.Category;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a memory file system of one megabyte; needs the right to mount one (SharedFileTest asks for too much everywhere). */
class FullFileSystemTest {
    @TempDir
    Path root;

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    }

    @Test
    void shouldSayWhenSharedMemoryIsFullAndGoOnOnceThereIsRoom() throws Exception {
        assumeTrue(isMounted(), "may not mount a file system here");
        try (IsmDevice device = new IsmSharedMemoryProvider().open(new DeviceOptions(root, 1));
                Dmb first = device.register(600_000, "first")) {
            assertThat(first.memory().byteSize()).isEqualTo(600_000);
            assertThatExceptionOfType(RdmaException.class)
                    .isThrownBy(() -> device.register(600_000, "second"))
                    .withMessageContaining("604096 bytes")
                    .withMessageContaining(root.toString())
                    .satisfies(e -> assertThat(e.category()).isEqualTo(Category.OUT_OF_RESOURCES));
            first.close();
            device.register(600_000, "second").close();
        } finally {
            run("umount", root.toString());
        }
    }

    private boolean isMounted() throws InterruptedException {
        try {
            return run("mount", "-t", "tmpfs", "-o", "size=1m", "smc4j-test", root.toString()) == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
