package io.smc4j.cli.soak;

import io.smc4j.cli.failure.Why;
import io.smc4j.testkit.ObservedNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/** What a process knows when something went wrong: actors, ledger, log, threads. Written to files. */
final class Evidence {
    private static final int FRAMES = 12;

    /** Its column in {@code /proc/net/tcp}. */
    private static final int INODE = 9;

    private final Path directory;
    private final String name;
    private final ObservedNode node;
    private final RecentLog log;
    private int count;

    /** @param directory made when there is something to write */
    Evidence(Path directory, String name, ObservedNode node, RecentLog log) {
        this.directory = directory;
        this.name = name;
        this.node = node;
        this.log = log;
    }

    /** Writes everything down. @return the file, or why there is none */
    synchronized String collect(String occasion) {
        Path file = directory.resolve("%s-%d.txt".formatted(name, ++count));
        List<String> text = new ArrayList<>();
        text.add(occasion);
        section(text, "actors", List.of(node.actorTree()));
        section(
                text,
                "ledger",
                node.ledger().open().stream().map(String::valueOf).toList());
        section(text, "newest messages of actors", node.director().trace());
        section(text, "TCP sockets of this process", tcpSockets());
        section(text, "log", log.lines());
        try {
            Files.createDirectories(directory);
            Files.write(file, text);
            dumpThreads(directory.resolve("%s-%d-threads.txt".formatted(name, count)));
            return file.toString();
        } catch (IOException e) {
            return "not written: " + Why.of(e);
        }
    }

    /** How often it was collected. */
    synchronized int count() {
        return count;
    }

    /** Where a thread stands, in short. */
    static String stack(Thread thread) {
        return String.join(
                "\n    at ",
                Stream.concat(
                                Stream.of(thread.getName() + " " + thread.getState()),
                                Arrays.stream(thread.getStackTrace())
                                        .limit(FRAMES)
                                        .map(String::valueOf))
                        .toList());
    }

    /** Mappings of this process whose file lies below a directory, from {@code /proc/self/maps}. */
    static List<String> mappings(Path directory) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(directory.toString())).toList();
        } catch (IOException _) {
            return List.of(); // not Linux
        }
    }

    /** Lines of {@code /proc/self/net/tcp} and {@code tcp6} whose socket this process holds open. */
    private static List<String> tcpSockets() {
        Set<String> inodes = new HashSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                try {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    if (target.startsWith("socket:[")) {
                        inodes.add(target.substring("socket:[".length(), target.length() - 1));
                    }
                } catch (IOException _) {
                    // closed meanwhile
                }
            }
            List<String> found = new ArrayList<>();
            for (String table : List.of("tcp", "tcp6")) {
                Path file = Path.of("/proc/self/net", table);
                if (Files.exists(file)) {
                    try (Stream<String> lines = Files.lines(file)) {
                        lines.filter(line -> inodes.contains(inode(line))).forEach(found::add);
                    }
                }
            }
            return found;
        } catch (IOException _) {
            return List.of(); // not Linux
        }
    }

    private static String inode(String line) {
        String[] columns = line.strip().split("\\s+");
        return columns.length > INODE ? columns[INODE] : "";
    }

    private static void section(List<String> text, String heading, List<String> lines) {
        text.add("");
        text.add("== " + heading);
        text.addAll(lines);
    }

    /** With virtual threads, which {@code Thread.getAllStackTraces} leaves out. */
    private static void dumpThreads(Path file) {
        try {
            Files.deleteIfExists(file);
            Object _ = ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=HotSpotDiagnostic"),
                            "dumpThreads",
                            new Object[] {file.toAbsolutePath().toString(), "TEXT_PLAIN"},
                            new String[] {
                                String.class.getName(), "com.sun.management.HotSpotDiagnosticMXBean$ThreadDumpFormat"
                            });
        } catch (JMException | IOException | RuntimeException _) {
            writePlatformThreads(file);
        }
    }

    private static void writePlatformThreads(Path file) {
        List<String> text = new ArrayList<>();
        for (Map.Entry<Thread, StackTraceElement[]> entry :
                Thread.getAllStackTraces().entrySet()) {
            text.add(entry.getKey() + " " + entry.getKey().getState());
            for (StackTraceElement frame : entry.getValue()) {
                text.add("    at " + frame);
            }
        }
        try {
            Files.write(file, text);
        } catch (IOException _) {
            // The rest of the evidence is elsewhere.
        }
    }
}
