package io.smc4j.rdma.tcpoption;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What this process may do, of what attaching the program takes. */
public final class Capabilities {
    private static final int NET_ADMIN = 12;
    private static final int SYS_ADMIN = 21;
    private static final int BPF = 39;

    private Capabilities() {}

    /** Names of the capabilities that are missing; empty if the program can be attached. */
    public static List<String> missing() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("CapEff:")) {
                    return missing(Long.parseUnsignedLong(line.substring(7).strip(), 16));
                }
            }
        } catch (IOException | NumberFormatException e) {
            // not Linux, or no /proc: loading will tell
        }
        return List.of();
    }

    static List<String> missing(long effective) {
        List<String> names = new ArrayList<>();
        if ((effective & 1L << SYS_ADMIN) != 0) {
            return names; // includes both
        }
        if ((effective & 1L << BPF) == 0) {
            names.add("CAP_BPF");
        }
        if ((effective & 1L << NET_ADMIN) == 0) {
            names.add("CAP_NET_ADMIN");
        }
        return names;
    }
}
