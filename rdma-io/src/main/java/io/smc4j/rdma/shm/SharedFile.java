package io.smc4j.rdma.shm;

import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaException.Category;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A file in a {@link SharedDirectory}, mapped for reading and writing, in a shared arena: an access after {@link #close} throws
 * {@link IllegalStateException}. Thread-safe.
 */
public final class SharedFile implements AutoCloseable {
    private static final long COPY_NANOS = 20_000;
    private static final int REGULAR_0600 = 0x8180;
    private static final int TYPE_AND_PERMISSIONS = 0xF1FF;

    private final Path path;
    private final Arena arena;
    private final MemorySegment memory;

    private SharedFile(Path path, Arena arena, MemorySegment memory) {
        this.path = path;
        this.arena = arena;
        this.memory = memory;
    }

    /**
     * Creates a zeroed file of mode 0600 with every page reserved.
     *
     * @throws RdmaException category OUT_OF_RESOURCES if the file system has no room for it
     */
    static SharedFile create(SharedDirectory directory, String name, long size) throws RdmaException {
        Path path = directory.resolve(name);
        try (NativeFile file = NativeFile.create(path)) {
            try {
                file.allocate(path, size);
                return map(path, size);
            } catch (RdmaException e) {
                SharedDirectory.delete(path);
                throw e;
            }
        }
    }

    /**
     * Maps an existing file.
     *
     * @throws RdmaException category UNREACHABLE if there is no such file, MISUSE if it is not a file of ours of exactly that size
     */
    public static SharedFile open(SharedDirectory directory, String name, long size) throws RdmaException {
        Path path = directory.resolve(name);
        verify(path, directory.userId(), size);
        return map(path, size);
    }

    private static void verify(Path path, int userId, long size) throws RdmaException {
        try {
            Map<String, Object> found = Files.readAttributes(path, "unix:uid,mode,size", LinkOption.NOFOLLOW_LINKS);
            int mode = SharedDirectory.number(found.get("mode"));
            if (SharedDirectory.number(found.get("uid")) != userId || (mode & TYPE_AND_PERMISSIONS) != REGULAR_0600) {
                throw new RdmaException(
                        Category.MISUSE,
                        "shared memory file " + path + " is not a file of ours with mode 600: refused");
            }
            if (!Long.valueOf(size).equals(found.get("size"))) {
                throw new RdmaException(
                        Category.MISUSE,
                        "shared memory file %s has %s bytes, not %d as announced: refused"
                                .formatted(path, found.get("size"), size));
            }
        } catch (NoSuchFileException e) {
            throw gone(path, e);
        } catch (IOException e) {
            throw new RdmaException(Category.UNSUPPORTED, "cannot inspect shared memory file " + path + ": " + e, e);
        }
    }

    private static RdmaException gone(Path path, IOException cause) {
        return new RdmaException(
                Category.UNREACHABLE,
                "there is no shared memory file " + path + ": its owner is gone, or has withdrawn it",
                cause);
    }

    @SuppressWarnings(
            "MustBeClosedChecker") // the arena lives as long as the file that is returned, whose close() closes it
    static SharedFile map(Path path, long size) throws RdmaException {
        Arena arena = Arena.ofShared();
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            return new SharedFile(path, arena, channel.map(FileChannel.MapMode.READ_WRITE, 0, size, arena));
        } catch (IOException e) {
            arena.close();
            if (e instanceof NoSuchFileException) {
                throw gone(path, e);
            }
            throw new RdmaException(
                    Category.OUT_OF_RESOURCES,
                    "cannot map %d bytes of shared memory file %s: %s".formatted(size, path, e),
                    e);
        }
    }

    /** The whole file, page aligned. */
    public MemorySegment memory() {
        return memory;
    }

    /** Maps every page of it now, at once, rather than each at its first access. */
    public void populate() {
        if (!Libc.populate(memory)) {
            memory.load();
        }
    }

    /** Where the file is, or was. */
    public Path path() {
        return path;
    }

    /** Removes the name: who has mapped the file keeps it, nobody else can open it. Idempotent. */
    public void unlink() {
        SharedDirectory.delete(path);
    }

    /** Unmaps the file here, as soon as no {@link CrossCoreCopy} uses it any more. Does not remove it. Idempotent. */
    @Override
    public synchronized void close() {
        while (arena.scope().isAlive()) {
            try {
                arena.close();
            } catch (IllegalStateException e) {
                LockSupport.parkNanos(COPY_NANOS); // a copy holds it for some microseconds
            }
        }
    }
}
