package io.smc4j.cli.doctor;

import io.smc4j.cli.doctor.Finding.Kind;
import io.smc4j.cli.failure.Why;
import io.smc4j.cli.output.Units;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Java, native access, processors and the shared memory directory. */
final class PlatformCheck {
    private static final int LEAST_JAVA = 25;
    private static final long LITTLE_SPACE = 64L << 20;
    private static final Set<String> MEMORY_FILE_SYSTEMS = Set.of("tmpfs", "ramfs", "hugetlbfs");

    private final Path sharedMemory;

    PlatformCheck(Path sharedMemory) {
        this.sharedMemory = sharedMemory;
    }

    List<Finding> findings() {
        return List.of(java(), system(), nativeAccess(), memory());
    }

    private static Finding java() {
        String found = Runtime.version() + " (" + System.getProperty("java.vendor") + ")";
        return Runtime.version().feature() >= LEAST_JAVA
                ? Finding.works(Kind.PLATFORM, "java", found)
                : Finding.fails(Kind.PLATFORM, "java", found, "use Java " + LEAST_JAVA + " or newer");
    }

    private static Finding system() {
        int processors = Runtime.getRuntime().availableProcessors();
        String found = System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch") + ", " + processors + (processors == 1 ? " processor" : " processors");
        return "Linux".equals(System.getProperty("os.name"))
                ? Finding.works(Kind.PLATFORM, "system", found)
                : Finding.fails(
                        Kind.PLATFORM, "system", found, "shared memory devices need Linux; TCP works everywhere");
    }

    private static Finding nativeAccess() {
        return PlatformCheck.class.getModule().isNativeAccessEnabled()
                ? Finding.works(Kind.PLATFORM, "native access", "enabled")
                : Finding.fails(
                        Kind.PLATFORM,
                        "native access",
                        "not enabled: Java warns now and will refuse later",
                        "start Java with --enable-native-access=ALL-UNNAMED");
    }

    private Finding memory() {
        String name = "shared memory";
        try {
            if (!Files.isDirectory(sharedMemory) || !Files.isWritable(sharedMemory)) {
                return Finding.fails(
                        Kind.PLATFORM,
                        name,
                        sharedMemory + (Files.isDirectory(sharedMemory) ? " is not writable" : " is not a directory"),
                        "mount a tmpfs there, or set smc4j.shared-memory-directory");
            }
            FileStore store = Files.getFileStore(sharedMemory);
            String found = sharedMemory + " (" + store.type() + "), " + Units.bytes(store.getUsableSpace())
                    + " free of " + Units.bytes(store.getTotalSpace());
            if (!MEMORY_FILE_SYSTEMS.contains(store.type())) {
                return Finding.fails(
                        Kind.PLATFORM,
                        name,
                        found + ": not a memory file system",
                        "set smc4j.shared-memory-directory to one");
            }
            return store.getUsableSpace() < LITTLE_SPACE
                    ? Finding.fails(Kind.PLATFORM, name, found, "make room: every connection needs about 1 MB")
                    : Finding.works(Kind.PLATFORM, name, found);
        } catch (IOException e) {
            return Finding.fails(
                    Kind.PLATFORM,
                    name,
                    sharedMemory + ": " + Why.of(e),
                    "set smc4j.shared-memory-directory to a usable one");
        }
    }
}
