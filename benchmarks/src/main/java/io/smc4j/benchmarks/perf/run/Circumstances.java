package io.smc4j.benchmarks.perf.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The machine that a run takes place on. */
public final class Circumstances {
    private static final Path CPU = Path.of("/proc/cpuinfo");
    private static final Path LOAD = Path.of("/proc/loadavg");
    private static final Path MEMORY = Path.of("/proc/meminfo");

    private Circumstances() {}

    /** What does not change during a run. */
    public static Map<String, String> machine() {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("processor", field(CPU, "model name"));
        about.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        about.put("memory", field(MEMORY, "MemTotal"));
        about.put(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        about.put("java", Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
        return about;
    }

    /** Load averages over 1, 5 and 15 minutes: near 0 before a run that is to be trusted. */
    public static String load() {
        try {
            String[] parts = Files.readString(LOAD).split(" ", 4);
            return parts[0] + " " + parts[1] + " " + parts[2];
        } catch (IOException | ArrayIndexOutOfBoundsException _) {
            return "unknown";
        }
    }

    private static String field(Path file, String name) {
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(name)) {
                    return line.substring(line.indexOf(':') + 1).strip();
                }
            }
        } catch (IOException _) {
            // Not Linux.
        }
        return "unknown";
    }
}
