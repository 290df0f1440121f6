package io.smc4j.cli.dissect.summary;

import io.smc4j.cli.dissect.message.Layer;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.clc.DiagnosisCode;
import io.smc4j.protocol.clc.FirstContactExtension;
import java.util.Locale;
import java.util.Optional;

/** The summary for people. */
public final class SummaryText {
    private final Tracker tracker;
    private final StringBuilder out = new StringBuilder();

    private SummaryText(Tracker tracker) {
        this.tracker = tracker;
    }

    public static String of(Tracker tracker) {
        return new SummaryText(tracker).text();
    }

    private String text() {
        out.append("Messages:");
        for (Layer layer : Layer.values()) {
            out.append(' ').append(layer.label()).append(' ').append(tracker.count(layer));
        }
        out.append("; breaking the protocol ").append(tracker.broken());
        out.append("; packets skipped ").append(tracker.skipped());
        out.append(tracker.sentAgain() == 0 ? "" : "; sent again " + tracker.sentAgain())
                .append('\n');
        tracker.groups().forEach(this::group);
        int number = 1;
        for (ConnectionRecord connection : tracker.connections()) {
            connection(number++, connection);
        }
        if (tracker.unknownConnections() > 0) {
            out.append("and ").append(tracker.unknownConnections()).append(" connections more\n");
        }
        if (tracker.plainConnections() > 0) {
            out.append(count(tracker.plainConnections(), "TCP connection")).append(" did not offer SMC\n");
        }
        return out.toString();
    }

    private void group(GroupRecord group) {
        out.append("Link group ").append(group.number()).append(": SMC-R");
        out.append(group.version() == 0 ? "" : " version " + group.version());
        group.server().ifPresent(server -> out.append(" release ").append(server.release()));
        if (!group.eid().isEmpty()) {
            out.append(", EID ").append(group.eid());
        }
        host(", server ", group.server());
        host(", client ", group.client());
        group.server()
                .filter(server -> server.release() > 0)
                .ifPresent(server -> out.append(", at most ")
                        .append(server.maxConnections())
                        .append(" connections and ")
                        .append(server.maxLinks())
                        .append(" links"));
        out.append(group.beganInCapture() ? "" : ", older than this capture");
        out.append(", ")
                .append(group.handshakeSeen() ? count(group.connections(), "connection") : "no handshake seen")
                .append('\n');
        for (LinkRecord link : group.links()) {
            out.append("  link ").append(link.number() == 0 ? "?" : Integer.toString(link.number()));
            out.append(group.rolesKnown() ? ": server " : ": ").append(address(link.serverGid()));
            out.append(queuePair(link.serverQueuePair()));
            out.append(group.rolesKnown() ? ", client " : " and ").append(address(link.clientGid()));
            out.append(queuePair(link.clientQueuePair()));
            out.append("; ").append(count(link.traffic().messages(), "message"));
            out.append(", ").append(count(link.traffic().writes(), "write"));
            out.append(" of ").append(count(link.traffic().writtenBytes(), "byte"));
            out.append("; ").append(link.state()).append('\n');
        }
        if (group.rejectedLinks() > 0) {
            out.append("  the client rejected ").append(count(group.rejectedLinks(), "further link"));
            out.append(", which is normal for a host with one RDMA port\n");
        }
        group.notes().forEach(note -> out.append("  ").append(note).append('\n'));
        if (!group.ending().isEmpty()) {
            out.append("  the group was ").append(group.ending()).append('\n');
        }
    }

    private static String queuePair(int number) {
        return number < 0 ? "" : String.format(" qp 0x%x", number);
    }

    private void host(String role, Optional<FirstContactExtension> extension) {
        extension
                .filter(FirstContactExtension::hasAsciiHostName)
                .ifPresent(known -> out.append(role).append(known.hostName().replaceAll("\\p{Cntrl}", "?")));
    }

    private void connection(int number, ConnectionRecord connection) {
        out.append("Connection ").append(number).append(": ");
        if (connection.clientPort() < 0) {
            out.append(address(connection.client())).append(" > ").append(address(connection.server()));
            out.append(String.format(" token 0x%x, older than this capture", connection.serverPort()));
        } else {
            out.append(address(connection.client(), connection.clientPort()));
            out.append(" > ").append(address(connection.server(), connection.serverPort()));
        }
        out.append(", ").append(connection.transport());
        connection.group().ifPresent(group -> {
            out.append(", link group ").append(group.number());
            out.append(connection.firstContact() ? " (first contact)" : "");
        });
        out.append(String.format(
                Locale.ROOT, ", %.6f s to %.6f s%n", connection.beganNanos() / 1e9, connection.endedNanos() / 1e9));
        if (!connection.smc()) {
            out.append("  ").append(connection.fallback()).append('\n');
            connection
                    .decline()
                    .flatMap(decline -> DiagnosisCode.of(decline.diagnosis()))
                    .ifPresent(code ->
                            out.append("  what to do: ").append(code.advice()).append('\n'));
            return;
        }
        if (connection.clientPort() < 0) {
            direction("  to this end", connection.toServer());
            return;
        }
        connection.clientEnd().ifPresent(end -> out.append(String.format("  client token 0x%x", end.alertToken())));
        connection.serverEnd().ifPresent(end -> out.append(String.format(", server token 0x%x%n", end.alertToken())));
        if (connection.transport().equals("SMC-R")) {
            direction("  client sent", connection.toServer());
            direction("  server sent", connection.toClient());
        } else {
            out.append("  its data moves through memory, so the capture does not have it\n");
        }
    }

    private void direction(String who, Direction direction) {
        out.append(who).append(' ');
        if (direction.bytesKnown()) {
            out.append(count(direction.bytes(), "byte")).append(" in ");
        }
        out.append(count(direction.messages(), "CDC message"));
        out.append(direction.wasBlocked() ? ", was blocked by a full buffer" : "");
        out.append(direction.hadUrgentData() ? ", urgent data" : "");
        if (direction.linkSwitches() > 0) {
            out.append(", moved to another link ").append(count(direction.linkSwitches(), "time"));
        }
        out.append("; ").append(direction.ending()).append('\n');
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    private static String address(Gid address, int port) {
        return (address.isIpv4Mapped() ? address(address) : "[" + address + "]") + ":" + port;
    }

    static String address(Gid address) {
        String text = address.toString();
        return address.isIpv4Mapped() ? text.substring(text.lastIndexOf(':') + 1) : text;
    }
}
