package io.smc4j.rdma.tcpoption;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds version 2 control groups as this process sees them. */
public final class ControlGroups {
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final Path OWN = Path.of("/proc/self/cgroup");

    private ControlGroups() {}

    /** Where the version 2 hierarchy is mounted: {@code /sys/fs/cgroup}, or {@code /sys/fs/cgroup/unified} beside version 1. */
    public static Optional<Path> root() throws IOException {
        return root(Files.readAllLines(MOUNTS));
    }

    static Optional<Path> root(List<String> mountinfo) {
        for (String line : mountinfo) {
            int separator = line.indexOf(" - ");
            if (separator > 0 && line.startsWith("cgroup2 ", separator + 3)) {
                String[] fields = line.split(" ");
                return Optional.of(Path.of(fields[4].replace("\\040", " ")));
            }
        }
        return Optional.empty();
    }

    /** The control group that this process is in. */
    public static Optional<Path> own() throws IOException {
        Optional<Path> root = root();
        return root.isEmpty() ? Optional.empty() : own(root.get(), Files.readAllLines(OWN));
    }

    static Optional<Path> own(Path root, List<String> lines) {
        for (String line : lines) {
            if (line.startsWith("0::/")) {
                return Optional.of(root.resolve(line.substring(4)).normalize());
            }
        }
        return Optional.empty();
    }
}
