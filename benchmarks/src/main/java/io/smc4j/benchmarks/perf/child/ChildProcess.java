package io.smc4j.benchmarks.perf.child;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.smc4j.benchmarks.perf.peer.Peer;
import io.smc4j.benchmarks.perf.peer.Peers;
import io.smc4j.benchmarks.perf.plan.PeerName;
import io.smc4j.cli.command.GlobalOptions;
import io.smc4j.cli.command.Logging;
import io.smc4j.cli.failure.CliFailure;
import io.smc4j.cli.failure.ExitCode;
import io.smc4j.cli.failure.Why;
import io.smc4j.cli.output.Json;
import io.smc4j.testkit.process.ParentProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * {@code smc4j perf-child PEER DIRECTORY [GLOBAL OPTION...]}: one end of one peer. Commands come on standard input, answers go to standard
 * output, a line of JSON each. It is no command of people, and does without what makes a command line: twenty of these start at once.
 */
public final class ChildProcess {
    /** The command's name. */
    public static final String NAME = "perf-child";

    private static final int SECONDS_TO_CLEAN_UP = 5;
    private static final int OWN_ARGUMENTS = 3;

    private final GlobalOptions global;

    private ChildProcess(GlobalOptions global) {
        this.global = global;
    }

    /** Arguments that start one. @param directory for files that both ends of a pair map */
    public static List<String> arguments(PeerName peer, Path directory, GlobalOptions global) {
        List<String> arguments = new ArrayList<>(List.of(NAME, peer.label(), directory.toString()));
        arguments.addAll(global.asArguments());
        return arguments;
    }

    /** Whether these arguments are those of a child. */
    public static boolean isMeant(String... arguments) {
        return arguments.length >= OWN_ARGUMENTS && arguments[0].equals(NAME);
    }

    /** Obeys until its parent has enough, or is gone. @return the exit code */
    public static int run(String... arguments) {
        List<String> all = List.of(arguments);
        return new ChildProcess(GlobalOptions.ofArguments(all.subList(OWN_ARGUMENTS, all.size())))
                .run(all.get(1), Path.of(all.get(2)));
    }

    private int run(String peer, Path directory) {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        ParentProcess.endTogether(lines::add);
        if (global.debug()) {
            Logging.debug();
        }
        try {
            PeerName name = PeerName.of(peer)
                    .orElseThrow(() -> CliFailure.usage("peer " + peer + ": one of " + PeerName.labels()));
            // Reading it takes a third of a second, which in a quick run counts.
            Config config = name.hasActors() ? global.load(name.settings()) : ConfigFactory.empty();
            return obey(name, config, directory, lines);
        } catch (Exception e) { // whatever a transport throws when it starts
            ParentProcess.say(failed(e).toString());
            return ExitCode.FAILURE;
        }
    }

    private int obey(PeerName name, Config config, Path directory, BlockingQueue<String> lines) throws Exception {
        try (Peer created = Peers.create(name, config, directory)) {
            closeAtTheEnd(created);
            Obeying obeying = new Obeying(created);
            ParentProcess.say(Json.object().put("event", "ready").toString());
            while (obey(obeying, Json.parse(lines.take()))) {}
        }
        return ExitCode.OK;
    }

    /** @return false if that was the last command */
    private boolean obey(Obeying obeying, Json command) {
        if (command.text("do").equals(Optional.of("exit"))) {
            return false;
        }
        try {
            ParentProcess.say(obeying.obey(command).put("event", "done").toString());
        } catch (Exception e) { // whatever a transport throws: the parent decides what becomes of this process
            if (global.debug()) {
                e.printStackTrace(System.err);
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
