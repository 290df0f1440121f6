package io.smc4j.benchmarks.perf.child;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.smc4j.benchmarks.perf.peer.Peer;
import io.smc4j.benchmarks.perf.peer.Peers;
import io.smc4j.benchmarks.perf.plan.PeerName;
import io.smc4j.cli.command.CliContext;
import io.smc4j.cli.failure.CliFailure;
import io.smc4j.cli.failure.ExitCode;
import io.smc4j.cli.failure.Why;
import io.smc4j.cli.output.Json;
import io.smc4j.testkit.process.ParentProcess;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code smc4j perf-child}: one end of one peer. Commands come on standard input, answers go to standard output, a line of JSON each. */
@Command(name = "perf-child", hidden = true, description = "One process of 'perf'.")
public final class ChildCommand implements Callable<Integer> {
    private static final int SECONDS_TO_CLEAN_UP = 5;

    private final CliContext context;

    @Option(names = "--peer", required = true)
    private String peer = "";

    @Option(names = "--directory", required = true)
    private Path directory = Path.of("");

    public ChildCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws CliFailure, InterruptedException {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        ParentProcess.endTogether(lines::add);
        PeerName name = PeerName.of(peer)
                .orElseThrow(() -> CliFailure.usage("--peer " + peer + ": one of " + PeerName.labels()));
        // Reading it takes a third of a second, which in a quick run counts.
        Config config = name.hasActors() ? context.load(name.settings()) : ConfigFactory.empty();
        try (Peer created = Peers.create(name, config, directory)) {
            closeAtTheEnd(created);
            Obeying obeying = new Obeying(created);
            ParentProcess.say(Json.object().put("event", "ready").toString());
            while (obey(obeying, Json.parse(lines.take()))) {}
        } catch (Exception e) { // whatever a transport throws when it starts
            ParentProcess.say(failed(e).toString());
            return ExitCode.FAILURE;
        }
        return ExitCode.OK;
    }

    /** @return false if that was the last command */
    private boolean obey(Obeying obeying, Json command) {
        if (command.text("do").equals(java.util.Optional.of("exit"))) {
            return false;
        }
        try {
            ParentProcess.say(obeying.obey(command).put("event", "done").toString());
        } catch (Exception e) { // whatever a transport throws: the parent decides what becomes of this process
            if (context.global().debug()) {
                e.printStackTrace(context.err());
            }
            ParentProcess.say(failed(e).toString());
        }
        return true;
    }

    private static Json failed(Exception e) {
        return Json.object().put("event", "failed").put("why", Why.of(e));
    }

    /** Ctrl-C goes to all processes of the terminal, and a parent that dies ends this one: files are to go all the same. */
    private static void closeAtTheEnd(Peer peer) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            Thread closing = Thread.ofPlatform().daemon().name("close").start(peer::close);
            try {
                closing.join(TimeUnit.SECONDS.toMillis(SECONDS_TO_CLEAN_UP));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }));
    }
}
