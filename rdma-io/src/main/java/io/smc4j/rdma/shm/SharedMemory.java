package io.smc4j.rdma.shm;

import io.smc4j.rdma.Availability;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether memory can be shared between processes here. Thread-safe. */
public final class SharedMemory {
    private SharedMemory() {}

    /**
     * Looks, without creating anything, whether {@link SharedDirectory#open} can be expected to work.
     *
     * @param root directory on a memory file system, usually {@code /dev/shm}
     */
    public static Availability availability(Path root) {
        if (Platform.current() == Platform.UNSUPPORTED) {
            return new Availability.Unavailable(
                    "shared memory devices need Linux on x86_64 or aarch64, and this is %s on %s"
                            .formatted(System.getProperty("os.name"), System.getProperty("os.arch")),
                    "use a hardware device, or run on one of those");
        }
        if (!Files.isDirectory(root)) {
            return new Availability.Unavailable(
                    "shared memory directory " + root + " does not exist",
                    "name a directory on a memory file system (tmpfs)");
        }
        if (!Files.isWritable(root)) {
            return new Availability.Unavailable(
                    "shared memory directory " + root + " is not writable for this user",
                    "make it writable (/dev/shm usually has mode 1777) or name another one");
        }
        return futexFault() == 0
                ? new Availability.Available("shared memory in " + root)
                : new Availability.Unavailable(
                        "the futex system call fails (" + Errno.describe(-futexFault()) + ")",
                        "allow futex(2) in the sandbox (seccomp profile) that this process runs in");
    }

    private static int futexFault() {
        try (Arena arena = Arena.ofConfined()) {
            return Libc.futexFault(arena.allocate(4, 4).address());
        }
    }
}
