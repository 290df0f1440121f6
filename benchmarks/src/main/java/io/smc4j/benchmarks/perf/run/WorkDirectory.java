package io.smc4j.benchmarks.perf.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory of this run alone, on a memory file system if there is one. */
record WorkDirectory(Path path) {
    private static final String PREFIX = "smc4j-perf-";

    /** @param memory where a memory file system usually is */
    static WorkDirectory create(Path memory) throws IOException {
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        return new WorkDirectory(
                Files.isDirectory(memory) && Files.isWritable(memory)
                        ? Files.createTempDirectory(memory, PREFIX, owner)
                        : Files.createTempDirectory(PREFIX, owner));
    }

    /** With all that is in it; what cannot be deleted is left. */
    void delete() {
        try (Stream<Path> all = Files.walk(path)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException _) {
            // Gone already, or somebody else's now.
        }
    }
}
