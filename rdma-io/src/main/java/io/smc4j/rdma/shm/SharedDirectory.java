package io.smc4j.rdma.shm;

import io.smc4j.rdma.Availability;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaException.Category;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The directory {@code <root>/smc4j-<uid>} in which this user's processes meet: verified to be a real directory of ours that
 * nobody else can enter.
 *
 * <p>File names start with the 16 hexadecimal digits of the {@link SharedNode} that owns them; files without such a prefix
 * belong to the directory and stay. Thread-safe.
 */
public final class SharedDirectory {
    private static final Pattern OWNED = Pattern.compile("[0-9a-f]{16}\\..+");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final long COARSEST_CLOCK_MILLIS = 20;
    private static final int TYPE_MASK = 0xF000;
    private static final int DIRECTORY = 0x4000;
    private static final int PERMISSIONS = 0x1FF;
    private static final int GROUP_AND_OTHER = 0x3F;
    static final String NODE = ".node";
    static final String NEW_NODE = ".node.tmp";

    private final Path path;
    private final int userId;
    private final AtomicLong unsettled = new AtomicLong();

    private SharedDirectory(Path path, int userId) {
        this.path = path;
        this.userId = userId;
    }

    /**
     * Opens the directory, creating it if it is not there, and removes what dead processes left in it.
     *
     * @param root directory on a memory file system, usually {@code /dev/shm}
     * @throws RdmaException category UNSUPPORTED if this platform has no shared memory, or the directory cannot be trusted
     */
    public static SharedDirectory open(Path root) throws RdmaException {
        if (SharedMemory.availability(root) instanceof Availability.Unavailable(String reason, String advice)) {
            throw new RdmaException(Category.UNSUPPORTED, reason + ": " + advice);
        }
        int userId = Libc.effectiveUserId();
        Path path = root.toAbsolutePath().resolve("smc4j-" + Integer.toUnsignedString(userId));
        try {
            Files.createDirectory(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            // made by an earlier process, or by somebody else: verified below
        } catch (IOException | UnsupportedOperationException e) {
            throw new RdmaException(
                    Category.UNSUPPORTED, "cannot create shared memory directory " + path + ": " + e, e);
        }
        verify(path, userId);
        SharedDirectory directory = new SharedDirectory(path, userId);
        directory.sweepDead();
        return directory;
    }

    private static void verify(Path path, int userId) throws RdmaException {
        int owner;
        int mode;
        try {
            Map<String, Object> attributes = Files.readAttributes(path, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
            owner = number(attributes.get("uid"));
            mode = number(attributes.get("mode"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            throw new RdmaException(Category.UNSUPPORTED, "cannot inspect shared memory directory " + path, e);
        }
        String fault = null;
        if ((mode & TYPE_MASK) != DIRECTORY) {
            fault = "is not a directory";
        } else if (owner != userId) {
            fault = "belongs to user id " + Integer.toUnsignedString(owner) + ", not to "
                    + Integer.toUnsignedString(userId);
        } else if ((mode & GROUP_AND_OTHER) != 0) {
            fault = "has mode " + Integer.toOctalString(mode & PERMISSIONS) + ", so that other users can enter it";
        }
        if (fault != null) {
            throw new RdmaException(
                    Category.UNSUPPORTED,
                    "shared memory directory %s %s: remove it (it must be ours, mode 700), or configure another root"
                            .formatted(path, fault));
        }
    }

    static int number(@Nullable Object attribute) {
        if (attribute instanceof Number number) {
            return number.intValue();
        }
        throw new IllegalArgumentException("not a number: " + attribute);
    }

    /** The directory itself. */
    public Path path() {
        return path;
    }

    int userId() {
        return userId;
    }

    /**
     * Path of a file in the directory.
     *
     * @throws IllegalArgumentException if the name could mean a file elsewhere
     */
    public Path resolve(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a name of a shared memory file: " + name);
        }
        return path.resolve(name);
    }

    /** Name of a file that belongs to a node: {@code <id16hex>.<kind>.<rest>}. */
    public static String fileName(long nodeId, String kind, String rest) {
        return prefix(nodeId) + '.' + kind + '.' + rest;
    }

    static String prefix(long nodeId) {
        return HexFormat.of().toHexDigits(nodeId);
    }

    /** Names of all files now, in no order. Empty if the directory was removed. */
    public Set<String> list() {
        Set<String> names = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            return names;
        }
        return names;
    }

    /**
     * A number that changes when a file comes or goes: two equal ones mean that {@link #list} gave the same in between. Each is another
     * while the last change is so young that the file system's clock could not tell a further one from it.
     */
    public long changeMark() {
        try {
            FileTime changed = Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS);
            boolean settled = changed.toMillis() + COARSEST_CLOCK_MILLIS < System.currentTimeMillis();
            return settled ? changed.to(TimeUnit.NANOSECONDS) : unsettled.decrementAndGet();
        } catch (IOException e) {
            return unsettled.decrementAndGet();
        }
    }

    /**
     * Whether the node's process runs and has not closed it. One {@code open}, {@code flock} and {@code close}. If the kernel
     * will not tell (no file descriptors left), the node counts as alive.
     */
    public boolean isAlive(long nodeId) {
        return switch (NativeFile.probe(path.resolve(prefix(nodeId) + NODE), () -> {})) {
            case HELD, UNKNOWN -> true;
            case FREE, MISSING -> false;
        };
    }

    /**
     * Maps the memory of a node, ours or a peer's.
     *
     * @param size the size that the node must have
     */
    public SharedFile openNode(long nodeId, long size) throws RdmaException {
        return SharedFile.open(this, prefix(nodeId) + NODE, size);
    }

    /**
     * Removes all files of nodes that are gone. Any number of processes may do so at a time.
     *
     * @return how many dead nodes were found
     */
    public int sweepDead() {
        Set<String> names = list();
        Set<String> prefixes = new HashSet<>();
        for (String name : names) {
            if (OWNED.matcher(name).matches()) {
                prefixes.add(name.substring(0, 16));
            }
        }
        int dead = 0;
        for (String prefix : prefixes) {
            dead += sweep(prefix, names) ? 1 : 0;
        }
        return dead;
    }

    /**
     * A node is born under a temporary name, locked, and then renamed; so it is dead if the lock is free under either name. The
     * shared lock that we hold while we remove files keeps a slow creator from taking the exclusive one under our hands: it
     * sees that, and starts anew with another id. The node file goes last, so that a sweep that is cut short can be resumed.
     */
    private boolean sweep(String prefix, Set<String> names) {
        Path unborn = path.resolve(prefix + NEW_NODE);
        Path born = path.resolve(prefix + NODE);
        LockState state = NativeFile.probe(unborn, () -> delete(unborn));
        if (state == LockState.HELD || state == LockState.UNKNOWN) {
            return false;
        }
        state = NativeFile.probe(born, () -> {
            deleteOthers(prefix, names);
            delete(born);
        });
        if (state == LockState.MISSING) {
            deleteOthers(prefix, names);
        }
        return state == LockState.FREE || state == LockState.MISSING;
    }

    private void deleteOthers(String prefix, Set<String> names) {
        for (String name : names) {
            if (name.startsWith(prefix) && !name.equals(prefix + NODE) && !name.equals(prefix + NEW_NODE)) {
                delete(path.resolve(name));
            }
        }
    }

    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (NoSuchFileException e) {
            // another sweeper was faster
        } catch (IOException e) {
            // stays for the next sweep; nothing depends on it
        }
    }
}
