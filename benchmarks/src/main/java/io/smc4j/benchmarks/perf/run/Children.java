package io.smc4j.benchmarks.perf.run;

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
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED", // for Aeron
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData", // its file in the temporary directory would outlive a killed process
                "-Xms64m",
                "-Xmx512m",
                "-XX:+AlwaysPreTouch", // so that the heap does not look like memory of connections
                "-Djava.awt.headless=true"));
        command.addAll(archive.flags(peer, end));
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                context.mainClass().getName()));
        command.addAll(context.global().asArguments());
        command.addAll(List.of("perf-child", "--peer=" + peer.label(), "--directory=" + directory));
        return Child.start(
                peer.label() + " " + end,
                command,
                context.err(),
                context.global().debug());
    }
}
