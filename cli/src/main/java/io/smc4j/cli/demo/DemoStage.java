package io.smc4j.cli.demo;

import io.smc4j.cli.command.Cleanup;
import io.smc4j.cli.command.CliContext;
import io.smc4j.cli.failure.CliFailure;
import io.smc4j.cli.output.Json;
import io.smc4j.cli.output.Progress;
import io.smc4j.cli.output.Text;
import io.smc4j.cli.output.Units;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Plays one run: starts the two processes, follows what they say, and sees that both are gone afterwards. */
final class DemoStage {
    private final CliContext context;
    private final PrintStream err;
    private final Path file;
    private final long length;
    private final long total;

    DemoStage(CliContext context, Path file, long length) {
        this.context = context;
        this.err = context.err();
        this.file = file;
        this.length = length;
        this.total = DemoTraffic.rounds(length) * length;
    }

    DemoResult play(DemoRun run) throws InterruptedException {
        err.println(run.title());
        DemoResult result;
        try (DemoChild server = start("server", run.serverArguments());
                Cleanup killServer = new Cleanup("demo-server", server::close)) {
            Json listening = server.await("listening", _ -> {});
            int port = listening.number("port").map(Number::intValue).orElse(0);
            try (DemoChild client = start("client", run.clientArguments(port, file.toString()));
                    Cleanup killClient = new Cleanup("demo-client", client::close)) {
                result = follow(run, server, client);
            }
        } catch (CliFailure e) {
            result = DemoResult.failed(run, total, String.valueOf(e.getMessage()));
        }
        for (String problem : result.problems()) {
            Text.wrap("  FAILED: ", problem, Text.COLUMNS).forEach(err::println);
        }
        return result;
    }

    private DemoResult follow(DemoRun run, DemoChild server, DemoChild client) throws CliFailure, InterruptedException {
        try {
            Json connected = client.await("connected", _ -> {});
            say("server pid " + server.pid() + ", client pid " + client.pid() + group(connected));
            Json roundTrips = client.await("roundTrips", _ -> {});
            List<String> news = new ArrayList<>();
            Json moved;
            try (Progress bar = context.progress("  " + run.label(), total)) {
                moved = client.await("moved", event -> hear(event, bar, news));
                bar.at(total);
            }
            news.forEach(this::say);
            Json after = client.await("after", _ -> {});
            client.awaitEnd();
            server.awaitEnd();
            DemoResult result = DemoResult.of(run, connected, roundTrips, moved, after);
            say(summary(result));
            return result;
        } catch (CliFailure e) {
            // One process usually goes down with the other: the one that was killed is the one to name.
            if (client.isKilled()) {
                throw CliFailure.failed(client.obituary(), e);
            }
            throw server.isKilled() || server.isDead() && !client.isDead()
                    ? CliFailure.failed(server.obituary(), e)
                    : e;
        }
    }

    private DemoChild start(String name, List<String> arguments) throws CliFailure {
        List<String> all = new ArrayList<>(context.global().asArguments());
        all.addAll(arguments);
        return DemoChild.start(
                name, context.mainClass(), all, err, context.global().debug());
    }

    private static void hear(Json event, Progress bar, List<String> news) {
        long bytes = event.number("bytes").map(Number::longValue).orElse(0L);
        String port = "port " + event.number("port").orElse(0) + " of "
                + event.text("device").orElse("the device");
        switch (event.text("event").orElse("")) {
            case "progress" -> bar.at(bytes);
            case "portDown" -> news.add(port + " was taken down after " + Units.bytes(bytes));
            case "portNotDown" -> news.add(port + " could not be taken down: the node has no software RDMA device");
            default -> {}
        }
    }

    private static String group(Json connected) {
        int links = connected.number("links").map(Number::intValue).orElse(0);
        String count = links == 0 ? "" : ", " + links + " links";
        return connected
                .text("linkGroup")
                .map(id -> "; link group " + id + count)
                .orElse("");
    }

    private static String summary(DemoResult result) {
        String failovers = switch (result.failovers()) {
            case 0 -> "";
            case 1 -> ", 1 failover";
            default -> ", " + result.failovers() + " failovers";
        };
        return Units.bytes(result.bytesArrived()) + " in " + Units.seconds(result.nanos()) + failovers + ", "
                + (result.sha256Match() ? "the checksums agree" : "THE CHECKSUMS DIFFER");
    }

    private void say(String line) {
        err.println("  " + line);
    }
}
