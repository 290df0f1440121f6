package io.smc4j.benchmarks.perf.run;

import io.smc4j.benchmarks.perf.child.ChildProcess;
import io.smc4j.benchmarks.perf.plan.PeerName;
import io.smc4j.cli.command.CliContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How child processes are started: the same flags for every peer.
 *
 * @param context the command's; its global options go to the children
 * @param directory for files that both ends of a pair map
 * @param archive of their classes
 */
record Children(CliContext context, Path directory, ClassArchive archive) {
    Child start(PeerName peer, String end) throws ChildTrouble {
        return start(peer, end, archive.toUse());
    }

    /** One whose end writes the archive. */
    Child startWriter(PeerName peer, String end) throws ChildTrouble {
        return start(peer, end, archive.toWrite());
    }

    private Child start(PeerName peer, String end, List<String> archiveFlags) throws ChildTrouble {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData", // its file in the temporary directory would outlive a killed process
                "-Xms64m",
                "-Xmx512m",
                "-XX:+AlwaysPreTouch", // so that the heap does not look like memory of connections
                "-Djava.awt.headless=true"));
        command.addAll(archiveFlags);
        command.addAll(archive.isPossible() ? ofJar() : ofClassPath());
        command.addAll(ChildProcess.arguments(peer, directory, context.global()));
        return Child.start(
                peer.label() + " " + end,
                command,
                context.err(),
                context.global().debug());
    }

    /** What the jar's manifest says need not be said here, where it would keep the JVM from using the archive of its own modules. */
    private List<String> ofJar() {
        return List.of("-jar", archive.jar().toString());
    }

    private List<String> ofClassPath() {
        return List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED", // for Aeron
                "-cp",
                System.getProperty("java.class.path"),
                context.mainClass().getName());
    }
}
