package io.smc4j.rdma.shm;

import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaException.Category;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * One opened device (or listener) among the processes that share a {@link SharedDirectory}: a random 64-bit id, a little memory
 * that peers may map, and a lock that tells them whether it is alive. All its files are gone when it is closed, and soon after
 * its process has ended in any other way.
 *
 * <p>Thread-safe.
 */
public final class SharedNode implements AutoCloseable {
    private static final int ATTEMPTS = 64;

    private final SharedDirectory directory;
    private final long id;
    private final NativeFile lock;
    private final SharedFile file;

    private SharedNode(SharedDirectory directory, long id, NativeFile lock, SharedFile file) {
        this.directory = directory;
        this.id = id;
        this.lock = lock;
        this.file = file;
    }

    /**
     * Makes a node with {@code size} zeroed bytes of memory. The node is locked before it can be seen under its name.
     *
     * @throws RdmaException category OUT_OF_RESOURCES if there is no room for it
     */
    public static SharedNode open(SharedDirectory directory, long size) throws RdmaException {
        SecureRandom random = new SecureRandom();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long id = random.nextLong();
            SharedNode node = id == 0 ? null : tryOpen(directory, id, size);
            if (node != null) {
                return node;
            }
        }
        throw new RdmaException(
                Category.UNSUPPORTED,
                "something keeps removing or locking new files in %s (tried %d times): no other program may tidy up there"
                        .formatted(directory.path(), ATTEMPTS));
    }

    /** @return null if a sweeper took the file for one of a dead process, between its creation and its lock */
    private static @Nullable SharedNode tryOpen(SharedDirectory directory, long id, long size) throws RdmaException {
        Path unborn = directory.resolve(SharedDirectory.prefix(id) + SharedDirectory.NEW_NODE);
        Path born = directory.resolve(SharedDirectory.prefix(id) + SharedDirectory.NODE);
        NativeFile lock = NativeFile.create(unborn);
        boolean opened = false;
        try {
            if (!lock.tryLock()) {
                return null;
            }
            lock.allocate(unborn, size);
            // before it is mapped: as long as the file has this name, a sweeper may have unlinked it before we locked
            // it
            Files.move(unborn, born, StandardCopyOption.ATOMIC_MOVE);
            SharedNode node = new SharedNode(directory, id, lock, SharedFile.map(born, size));
            opened = true;
            return node;
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new RdmaException(Category.UNSUPPORTED, "cannot name shared memory file " + born + ": " + e, e);
        } finally {
            if (!opened) {
                SharedDirectory.delete(unborn);
                SharedDirectory.delete(born);
                lock.close();
            }
        }
    }

    /** Unique among all nodes there ever were; never zero. */
    public long id() {
        return id;
    }

    public SharedDirectory directory() {
        return directory;
    }

    /** The node's memory; peers map it with {@link SharedDirectory#openNode}. */
    public MemorySegment memory() {
        return file.memory();
    }

    /**
     * Creates a file that belongs to this node, {@code <id16hex>.<kind>.<rest>}, zeroed, with every page reserved.
     *
     * @throws RdmaException category OUT_OF_RESOURCES if the file system has no room for it
     */
    public SharedFile create(String kind, String rest, long size) throws RdmaException {
        return SharedFile.create(directory, SharedDirectory.fileName(id, kind, rest), size);
    }

    /** Removes the node and all its files; unmaps its memory, but not the files that {@link #create} gave out. Idempotent. */
    @Override
    public synchronized void close() {
        String prefix = SharedDirectory.prefix(id);
        for (String name : directory.list()) {
            if (name.startsWith(prefix) && !name.endsWith(SharedDirectory.NODE)) {
                SharedDirectory.delete(directory.resolve(name));
            }
        }
        SharedDirectory.delete(directory.resolve(prefix + SharedDirectory.NODE));
        file.close();
        lock.close();
    }
}
