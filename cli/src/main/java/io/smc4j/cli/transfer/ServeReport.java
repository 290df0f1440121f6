package io.smc4j.cli.transfer;

import io.smc4j.ConnectionInfo;
import io.smc4j.cli.command.CliContext;
import io.smc4j.cli.output.Carrier;
import io.smc4j.cli.output.Json;
import io.smc4j.cli.output.Units;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Prints what {@code serve} did: files on standard output, refusals and failures in the log. */
final class ServeReport implements ServeListener {
    private static final Logger LOG = LoggerFactory.getLogger(ServeReport.class);

    private final CliContext context;

    ServeReport(CliContext context) {
        this.context = context;
    }

    @Override
    public void stored(ConnectionInfo info, FileName name, long bytes, long nanos, Sha256 checksum, boolean checked) {
        Json json = Json.object()
                .put("event", "stored")
                .put("name", name.value())
                .put("bytes", bytes)
                .put("seconds", Units.round(nanos / 1e9, 6))
                .put("mbPerSecond", Units.round(Units.megabytesPerSecond(bytes, nanos), 1))
                .put("sha256", checksum.toString())
                .put("checksumVerified", checked)
                .put("client", client(info));
        String text = "stored %s: %s in %s (%.0f MB/s) over %s%n  from %s%n  sha256 %s%n  %s%s"
                .formatted(
                        name.value(),
                        Units.bytes(bytes),
                        Units.seconds(nanos),
                        Units.megabytesPerSecond(bytes, nanos),
                        Carrier.text(info),
                        client(info),
                        checksum,
                        checked ? "which is what the sender sent" : "the sender gave no checksum to compare",
                        Carrier.because(info));
        context.result(Carrier.describe(json, info), text);
    }

    @Override
    public void refused(ConnectionInfo info, int status, String reason) {
        LOG.warn(
                "refused {} over {}: {} {}: {}",
                client(info),
                info.transport().label(),
                status,
                Http.reason(status),
                reason);
        if (context.global().json()) {
            Json json = Json.object()
                    .put("event", "refused")
                    .put("status", status)
                    .put("reason", reason)
                    .put("client", client(info));
            context.result(Carrier.describe(json, info), "");
        }
    }

    @Override
    public void failed(ConnectionInfo info, String reason) {
        LOG.warn(
                "connection from {} over {} failed: {}",
                client(info),
                info.transport().label(),
                reason);
        if (context.global().json()) {
            Json json =
                    Json.object().put("event", "failed").put("reason", reason).put("client", client(info));
            context.result(Carrier.describe(json, info), "");
        }
    }

    @Override
    public void answered(ConnectionInfo info) {
        Json json = Json.object().put("event", "status").put("client", client(info));
        context.result(
                Carrier.describe(json, info),
                "told " + client(info) + " what this is, over " + Carrier.text(info) + Carrier.because(info));
    }

    private static String client(ConnectionInfo info) {
        InetSocketAddress remote = info.remote();
        return remote.getAddress() == null
                ? remote.toString()
                : remote.getAddress().getHostAddress() + ":" + remote.getPort();
    }
}
