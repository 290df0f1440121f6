package io.smc4j.cli.dissect.summary;

import io.smc4j.cli.dissect.message.Layer;
import io.smc4j.cli.dissect.report.JsonWriter;

/** The summary as one JSON object. */
public final class SummaryJson {
    private SummaryJson() {}

    public static String of(Tracker tracker) {
        StringBuilder out = new StringBuilder();
        JsonWriter json = new JsonWriter(out).beginObject();
        json.name("messages").beginObject();
        for (Layer layer : Layer.values()) {
            json.field(layer.label(), tracker.count(layer));
        }
        json.endObject().field("broken", tracker.broken()).field("skipped", tracker.skipped());
        json.field("sentAgain", tracker.sentAgain());
        json.name("linkGroups").beginArray();
        tracker.groups().forEach(group -> group(group, json));
        json.endArray().name("connections").beginArray();
        tracker.connections().forEach(connection -> connection(connection, json));
        json.endArray()
                .field("connectionsNotKept", tracker.unknownConnections())
                .endObject();
        return out.append('\n').toString();
    }

    private static void group(GroupRecord group, JsonWriter json) {
        json.beginObject().field("group", group.number()).field("version", group.version());
        json.field("eid", group.eid()).field("beganInCapture", group.beganInCapture());
        json.field("rolesKnown", group.rolesKnown()).field("handshakeSeen", group.handshakeSeen());
        group.server()
                .ifPresent(server -> json.field("release", server.release()).field("serverHost", server.hostName()));
        group.client().ifPresent(client -> json.field("clientHost", client.hostName()));
        json.field("connections", group.connections()).field("rejectedLinks", group.rejectedLinks());
        json.field("ending", group.ending());
        json.name("notes").beginArray();
        group.notes().forEach(json::value);
        json.endArray();
        json.name("links").beginArray();
        for (LinkRecord link : group.links()) {
            json.beginObject().field("link", link.number());
            json.field("serverGid", SummaryText.address(link.serverGid())).field("serverQp", link.serverQueuePair());
            json.field("clientGid", SummaryText.address(link.clientGid())).field("clientQp", link.clientQueuePair());
            json.field("messages", link.traffic().messages())
                    .field("writes", link.traffic().writes());
            json.field("writtenBytes", link.traffic().writtenBytes())
                    .field("state", link.state())
                    .endObject();
        }
        json.endArray().endObject();
    }

    private static void connection(ConnectionRecord connection, JsonWriter json) {
        json.beginObject().field("client", SummaryText.address(connection.client()));
        json.field("server", SummaryText.address(connection.server()));
        if (connection.clientPort() >= 0) {
            json.field("clientPort", connection.clientPort()).field("serverPort", connection.serverPort());
        }
        json.name("began").seconds(connection.beganNanos()).name("ended").seconds(connection.endedNanos());
        json.field("transport", connection.transport()).field("fallback", connection.fallback());
        connection
                .decline()
                .ifPresent(decline -> json.unsigned("diagnosis", decline.diagnosis())
                        .field("declinedBy", connection.declinedByServer() ? "server" : "client"));
        connection
                .group()
                .ifPresent(
                        group -> json.field("group", group.number()).field("firstContact", connection.firstContact()));
        connection.clientEnd().ifPresent(end -> json.unsigned("clientToken", end.alertToken()));
        connection.serverEnd().ifPresent(end -> json.unsigned("serverToken", end.alertToken()));
        direction("clientSent", connection.toServer(), json);
        direction("serverSent", connection.toClient(), json);
        json.endObject();
    }

    private static void direction(String name, Direction direction, JsonWriter json) {
        json.name(name).beginObject();
        if (direction.bytesKnown()) {
            json.field("bytes", direction.bytes());
        }
        json.field("cdcMessages", direction.messages());
        json.field("blocked", direction.wasBlocked()).field("urgent", direction.hadUrgentData());
        json.field("linkSwitches", direction.linkSwitches()).field("ending", direction.ending());
        json.endObject();
    }
}
