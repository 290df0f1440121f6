package io.smc4j.rdma.softrdma;

import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaException.Category;
import io.smc4j.rdma.RdmaGid;
import io.smc4j.rdma.shm.SharedDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An empty file {@code <node>.gid.<port>.127.x.y.z} by which a port's GID, {@code ::ffff:127.x.y.z}, leads to its device.
 *
 * <p>Being named after the node, it is swept with it. It makes the GID unique among live devices: who has created one looks for
 * others of the same GID, and takes another GID if there are any; of two that collide at least the later sees the earlier.
 *
 * @param node id of the device's node
 * @param port port number
 */
record GidFile(long node, int port) {
    private static final Pattern NAME =
            Pattern.compile("([0-9a-f]{16})\\.gid\\.([1-8])\\.(127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3})");
    private static final int ATTEMPTS = 64;

    /** Gives a port of the node a GID that no other live device has. */
    static RdmaGid create(SharedDirectory directory, long node, int port, RandomGenerator random) throws RdmaException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            RdmaGid gid = new RdmaGid(0, 0xffff_7f00_0000L | random.nextInt(0x10000, 0xff0000));
            var file = directory.resolve(SharedDirectory.fileName(node, "gid", port + "." + address(gid)));
            try {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                if (find(directory, gid).size() == 1) {
                    return gid;
                }
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new RdmaException(
                        Category.OUT_OF_RESOURCES,
                        "cannot create %s, by which peers find a port: %s".formatted(file, e),
                        e);
            }
        }
        throw new RdmaException(
                Category.OUT_OF_RESOURCES,
                "%d random GIDs in a row are taken in %s: too many devices".formatted(ATTEMPTS, directory.path()));
    }

    /** All ports that claim a GID: none, one, or several while devices are being opened. */
    static List<GidFile> find(SharedDirectory directory, RdmaGid gid) {
        List<GidFile> found = new ArrayList<>();
        String wanted = address(gid);
        for (String name : directory.list()) {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches() && matcher.group(3).equals(wanted)) {
                found.add(
                        new GidFile(Long.parseUnsignedLong(matcher.group(1), 16), Integer.parseInt(matcher.group(2))));
            }
        }
        return found;
    }

    /** The IPv4 address in a mapped GID; empty for another kind of GID. */
    private static String address(RdmaGid gid) {
        if (gid.high() != 0 || gid.low() >>> 32 != 0xffff) {
            return "";
        }
        long ip = gid.low();
        return (ip >>> 24 & 0xff) + "." + (ip >>> 16 & 0xff) + "." + (ip >>> 8 & 0xff) + "." + (ip & 0xff);
    }
}
