package io.smc4j.cli.soak;

import io.smc4j.TransportPreference;
import io.smc4j.cli.command.CliContext;
import io.smc4j.cli.output.Json;
import io.smc4j.testkit.process.ChildJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Starts peers: this same command in JVMs of their own. */
final class PeerStarter {
    /** So that link groups come, fill up and go during a run, and a dead peer is found soon. {@code -D} wins over these. */
    private static final Map<String, String> SETTINGS = new TreeMap<>(Map.of(
            "smc4j.link-group.idle-timeout-server", "2 s",
            "smc4j.link-group.idle-timeout-client", "3 s",
            "smc4j.llc.test-link-interval", "1 s",
            "smc4j.smc-r.max-connections", "32"));

    private final CliContext context;
    private final SoakOptions options;
    private final Path sharedMemory;
    private final BiConsumer<PeerProcess, Json> events;

    PeerStarter(CliContext context, SoakOptions options, Path sharedMemory, BiConsumer<PeerProcess, Json> events) {
        this.context = context;
        this.options = options;
        this.sharedMemory = sharedMemory;
        this.events = events;
    }

    PeerProcess start(int peer, int incarnation) {
        List<String> arguments = new ArrayList<>();
        SETTINGS.forEach((key, value) -> arguments.add("-D" + key + "=" + value));
        arguments.addAll(context.global().asArguments());
        arguments.add("-Dsmc4j.shared-memory-directory=" + sharedMemory);
        arguments.addAll(List.of(
                "soak-peer",
                "--seed=" + options.seed(),
                "--peer=" + peer,
                "--incarnation=" + incarnation,
                "--slots=" + options.slots(),
                "--hang-after=" + options.hangSeconds(),
                "--evidence=" + options.evidence(),
                "--transport="
                        + String.join(
                                ",",
                                options.transports().stream()
                                        .map(TransportPreference::name)
                                        .toList())));
        ChildJvm process = ChildJvm.of(context.mainClass())
                .name("soak-peer-" + peer)
                .jvmArguments("-Xmx512m")
                .arguments(arguments.toArray(String[]::new))
                .start();
        return new PeerProcess(peer, incarnation, process, events);
    }
}
