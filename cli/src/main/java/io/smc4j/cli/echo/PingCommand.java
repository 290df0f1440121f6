package io.smc4j.cli.echo;

import com.typesafe.config.Config;
import io.smc4j.ConnectOptions;
import io.smc4j.ConnectionInfo;
import io.smc4j.SmcChannel;
import io.smc4j.cli.command.Cleanup;
import io.smc4j.cli.command.CliContext;
import io.smc4j.cli.command.ConnectAction;
import io.smc4j.cli.command.HostPort;
import io.smc4j.cli.command.TransportOptions;
import io.smc4j.cli.failure.CliFailure;
import io.smc4j.cli.failure.ExitCode;
import io.smc4j.cli.failure.Why;
import io.smc4j.cli.node.Node;
import io.smc4j.cli.stream.Guards;
import io.smc4j.cli.stream.IdleGuard;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code smc4j ping}. */
@Command(
        name = "ping",
        header = "Measure round trips to smc4j echo-server, or to any TCP echo server.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  smc4j ping 127.0.0.1:7609",
            "  smc4j ping --transport smc-d --size 4096 --count 100000 127.0.0.1:7609",
        })
public final class PingCommand implements Callable<Integer> {
    private static final int LARGEST = 16 * 1024 * 1024;

    private final CliContext context;

    @Parameters(
            index = "0",
            paramLabel = "HOST:PORT",
            description = "Where the echo server listens.",
            converter = HostPort.Converter.class)
    private HostPort server = new HostPort("", 0);

    @Mixin
    private TransportOptions transport = new TransportOptions();

    @Option(names = "--count", paramLabel = "N", description = "Round trips to measure. Default: ${DEFAULT-VALUE}.")
    private int count = 10_000;

    @Option(names = "--warmup", paramLabel = "N", description = "Round trips before that. Default: ${DEFAULT-VALUE}.")
    private int warmup = 5_000;

    @Option(names = "--size", paramLabel = "BYTES", description = "Bytes of a message. Default: ${DEFAULT-VALUE}.")
    private int size = 64;

    @Option(
            names = "--interval",
            paramLabel = "MS",
            description = "Pause between round trips. Default: ${DEFAULT-VALUE}.")
    private int intervalMillis;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Longest wait for an answer. Default: ${DEFAULT-VALUE}.")
    private int timeoutSeconds = 10;

    public PingCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws CliFailure, InterruptedException {
        check("--count", count, 1, Integer.MAX_VALUE);
        check("--warmup", warmup, 0, Integer.MAX_VALUE);
        check("--size", size, 1, LARGEST);
        check("--interval", intervalMillis, 0, 60_000);
        check("--timeout", timeoutSeconds, 1, 3600);
        Config config = context.load(transport.settings());
        try (Node node = context.nodes().open(config);
                Cleanup cleanup = new Cleanup("ping", node::close);
                // The pause between two messages counts as silence too.
                Guards guards = new Guards(Duration.ofSeconds(timeoutSeconds).plusMillis(intervalMillis));
                SmcChannel channel = ConnectAction.connect(
                        node, server, ConnectOptions.defaults().withTransport(transport.transport(config)));
                IdleGuard guard = guards.watch(channel)) {
            PingReport report = measure(channel, guard);
            context.result(report.json(), report.text());
            return ExitCode.OK;
        }
    }

    private PingReport measure(SmcChannel channel, IdleGuard guard) throws CliFailure, InterruptedException {
        Pinger pinger = new Pinger(channel, size);
        Histogram histogram = Pinger.histogram();
        try {
            for (int i = 0; i < warmup; i++) {
                pinger.roundTrip();
                guard.touch();
            }
            for (int i = 0; i < count; i++) {
                if (intervalMillis > 0) {
                    Thread.sleep(intervalMillis);
                }
                histogram.recordValue(Math.max(1, Math.min(pinger.roundTrip(), histogram.getHighestTrackableValue())));
                guard.touch();
            }
        } catch (IOException e) {
            throw CliFailure.failed(
                    "round trip to " + server + " failed after " + histogram.getTotalCount() + " answers: "
                            + Why.of(guard.explain(e)) + "; is it an echo server?",
                    e);
        }
        ConnectionInfo info = channel.info();
        return new PingReport(server, info, size, histogram);
    }

    private static void check(String option, int value, int least, int most) throws CliFailure {
        if (value < least || value > most) {
            throw CliFailure.usage(option + " must be between " + least + " and " + most + ", not " + value);
        }
    }
}
