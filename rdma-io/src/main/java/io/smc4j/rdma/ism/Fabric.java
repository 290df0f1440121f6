package io.smc4j.rdma.ism;

import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaException.Category;
import io.smc4j.rdma.shm.SharedDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The number that all devices of one shared directory have in common, and no others: made from the running kernel's boot id and
 * the directory's place in its file system. Whoever sees the same directory, in a container or not, finds the same number, and
 * no file is left behind for it. It is no secret; tokens of DMBs are.
 */
final class Fabric {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private Fabric() {}

    /** The number of a directory. */
    static long idOf(SharedDirectory directory) throws RdmaException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(Files.readString(BOOT_ID).strip().getBytes(StandardCharsets.US_ASCII));
            digest.update(number(directory.path(), "unix:dev"));
            digest.update(number(directory.path(), "unix:ino"));
            return ByteBuffer.wrap(digest.digest()).getLong();
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new RdmaException(
                    Category.UNSUPPORTED,
                    "cannot tell which shared memory " + directory.path() + " is: " + e
                            + "; /proc must be mounted and the directory readable",
                    e);
        }
    }

    private static byte[] number(Path path, String attribute) throws IOException {
        long value = ((Number) Files.getAttribute(path, attribute)).longValue();
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }
}
