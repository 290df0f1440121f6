package io.smc4j.rdma.ism;

import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaException.Category;
import io.smc4j.rdma.shm.SharedDirectory;
import io.smc4j.rdma.shm.SharedNode;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The random number that all devices of one shared directory have in common, and no others: kept in the directory's file
 * {@code fabric} as 16 hexadecimal digits.
 */
final class Fabric {
    private static final String FILE = "fabric";

    private Fabric() {}

    /** Reads the number, or makes one up if this is the first device. */
    static long idOf(SharedNode node) throws RdmaException {
        SharedDirectory directory = node.directory();
        Path file = directory.resolve(FILE);
        try {
            if (Files.notExists(file)) {
                create(node, file);
            }
            String text = Files.readString(file);
            if (text.length() != 16 || !text.chars().allMatch(HexFormat::isHexDigit)) {
                throw new RdmaException(
                        Category.UNSUPPORTED,
                        "file %s does not hold a fabric id: stop all processes that use that directory, and remove it"
                                .formatted(file));
            }
            return HexFormat.fromHexDigitsToLong(text);
        } catch (IOException e) {
            throw new RdmaException(Category.UNSUPPORTED, "cannot read or create fabric id file " + file + ": " + e, e);
        }
    }

    /** The file appears complete or not at all, and never replaces another: a link to a finished file of this node. */
    private static void create(SharedNode node, Path file) throws IOException {
        Path draft = node.directory().resolve(SharedDirectory.fileName(node.id(), FILE, "tmp"));
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(draft, HexFormat.of().toHexDigits(new SecureRandom().nextLong()));
        try {
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException e) {
            // another device was faster: its number holds
        } finally {
            Files.deleteIfExists(draft);
        }
    }
}
