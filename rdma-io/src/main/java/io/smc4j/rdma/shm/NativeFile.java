package io.smc4j.rdma.shm;

import io.smc4j.rdma.RdmaException;
import java.nio.file.Path;

/**
 * A file descriptor of our own: what {@link java.nio.channels.FileChannel} cannot do. Its locks are {@code fcntl} locks, which
 * belong to the process and are lost when any of its channels on the file is closed; {@code flock} locks belong to the open
 * file and last until it is closed or the process ends.
 */
final class NativeFile implements AutoCloseable {
    private final int fd;
    private boolean open = true;

    private NativeFile(int fd) {
        this.fd = fd;
    }

    /** Creates a file of mode 0600 that did not exist. */
    static NativeFile create(Path path) throws RdmaException {
        int fd = Libc.open(path, Libc.O_RDWR | Libc.O_CREAT | Libc.O_EXCL, 0x180);
        if (fd < 0) {
            throw failed("create", path, -fd);
        }
        return new NativeFile(fd);
    }

    /**
     * Whether someone holds the exclusive lock of the file. If it is free, {@code whileFree} runs with a shared lock held, so
     * nobody can take the exclusive one meanwhile, while others may look, too.
     */
    static LockState probe(Path path, Runnable whileFree) {
        int fd = Libc.open(path, Libc.O_RDONLY, 0);
        if (fd < 0) {
            return fd == -Errno.ENOENT ? LockState.MISSING : LockState.UNKNOWN;
        }
        try (NativeFile file = new NativeFile(fd)) {
            int result = Libc.flock(file.fd, Libc.LOCK_SH | Libc.LOCK_NB);
            if (result != 0) {
                return result == -Errno.EAGAIN ? LockState.HELD : LockState.UNKNOWN;
            }
            whileFree.run();
            return LockState.FREE;
        }
    }

    /** Takes the exclusive lock until {@link #close}. @return false if somebody holds a lock */
    boolean tryLock() {
        return Libc.flock(fd, Libc.LOCK_EX | Libc.LOCK_NB) == 0;
    }

    /** Sets the size and reserves the pages, so that no later access can fail for want of memory. */
    void allocate(Path path, long size) throws RdmaException {
        int result = Libc.allocate(fd, size);
        if (result == 0) {
            return;
        }
        if (Errno.isShortage(-result)) {
            throw new RdmaException(
                    RdmaException.Category.OUT_OF_RESOURCES,
                    "cannot reserve %d bytes of shared memory in %s (%s): free or enlarge that file system, or use fewer or smaller buffers"
                            .formatted(size, path.getParent(), Errno.describe(-result)));
        }
        throw failed("reserve " + size + " bytes for", path, -result);
    }

    static RdmaException failed(String operation, Path path, int errno) {
        return new RdmaException(
                Errno.isShortage(errno) ? RdmaException.Category.OUT_OF_RESOURCES : RdmaException.Category.UNSUPPORTED,
                "cannot %s shared memory file %s (%s)".formatted(operation, path, Errno.describe(errno)));
    }

    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            Libc.close(fd);
        }
    }
}
