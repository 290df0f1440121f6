package io.smc4j.cli.soak;

import com.typesafe.config.Config;
import io.smc4j.BindOptions;
import io.smc4j.SmcServerChannel;
import io.smc4j.TransportPreference;
import io.smc4j.cli.command.CliContext;
import io.smc4j.cli.failure.CliFailure;
import io.smc4j.cli.failure.ExitCode;
import io.smc4j.cli.failure.Why;
import io.smc4j.cli.output.Json;
import io.smc4j.testkit.ObservedNode;
import io.smc4j.testkit.process.ParentProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One of the two processes of {@code smc4j soak}: opens and accepts connections until it is told to stop. */
@Command(name = "soak-peer", hidden = true)
public final class SoakPeerCommand implements Callable<Integer> {
    private static final int BACKLOG = 1024;
    private static final int START_SECONDS = 60;
    private static final int LOOK_MILLIS = 250;

    private final CliContext context;
    private final BlockingQueue<Json> orders = new LinkedBlockingQueue<>();

    @Option(names = "--seed")
    private long seed;

    @Option(names = "--peer")
    private int peer;

    @Option(names = "--incarnation")
    private int incarnation;

    @Option(names = "--slots")
    private int slots = 1;

    @Option(names = "--hang-after")
    private long hangSeconds = 1;

    @Option(names = "--transport", split = ",")
    private List<String> transports = List.of();

    @Option(names = "--evidence")
    private Path evidence = Path.of("");

    public SoakPeerCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws CliFailure, InterruptedException {
        ParentProcess.endTogether(line -> orders.add(Json.parse(line)));
        RecentLog log = RecentLog.keep();
        Config config = context.load(Map.of());
        try (ObservedNode node = ObservedNode.start("soak" + peer, config);
                SmcServerChannel listener = listen(node)) {
            Surroundings around = new Surroundings(
                    seed,
                    peer,
                    incarnation,
                    transports.stream().map(TransportPreference::valueOf).toList(),
                    new Watch(TimeUnit.SECONDS.toNanos(hangSeconds)),
                    new CountDownLatch(1));
            SoakTraffic traffic = new SoakTraffic(
                    around,
                    node.smc(),
                    listener,
                    report -> ParentProcess.say(report.json().toString()));
            say(Json.object()
                    .put("event", "listening")
                    .put("port", listener.localAddress().getPort()));
            PeerOrders obeyed = new PeerOrders(
                    node,
                    listener,
                    traffic,
                    around,
                    new Evidence(evidence, "peer%d-%d".formatted(peer, incarnation), node, log),
                    Path.of(config.getString("smc4j.shared-memory-directory")));
            traffic.start(slots);
            boolean over = false;
            while (!over) {
                Json order = orders.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                over = order != null && obeyed.obey(order);
                obeyed.look();
            }
            return ExitCode.OK;
        }
    }

    private static SmcServerChannel listen(ObservedNode node) throws CliFailure, InterruptedException {
        try {
            return node.smc()
                    .listen(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            BindOptions.defaults().withBacklog(BACKLOG))
                    .toCompletableFuture()
                    .get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw CliFailure.failed("the peer cannot listen: " + Why.of(e), e);
        }
    }

    private static void say(Json event) {
        ParentProcess.say(event.toString());
    }
}
