package io.smc4j.cli.output;

import io.smc4j.ConnectionInfo;
import io.smc4j.FallbackReason;
import io.smc4j.LinkGroupInfo;
import java.util.Optional;

/** Says what carries a connection, and why it is TCP if it is. */
public final class Carrier {
    private Carrier() {}

    /** For example {@code smc-r (link group 0000a3f1, 2 links)}, {@code smc-r (version 1, link group …)} or {@code tcp}. */
    public static String text(ConnectionInfo info) {
        return info.transport().label() + info.linkGroup().map(Carrier::text).orElse("");
    }

    /** A line that says why it is TCP, indented, with the line break before it; empty for SMC. */
    public static String because(ConnectionInfo info) {
        return fallback(info)
                .map(reason -> System.lineSeparator() + "  fallback: " + reason)
                .orElse("");
    }

    /** The fallback reason as one text. */
    public static Optional<String> fallback(ConnectionInfo info) {
        return info.fallback().map(FallbackReason::toString);
    }

    /** Links of the connection's link group; 0 for TCP and SMC-D, which have none. */
    public static int links(ConnectionInfo info) {
        return info.linkGroup().map(group -> group.links().size()).orElse(0);
    }

    /** Adds the members {@code transport}, {@code version}, {@code fallbackReason}, {@code linkGroup}, {@code links} and {@code failovers}. */
    public static Json describe(Json json, ConnectionInfo info) {
        return json.put("transport", info.transport().label())
                .put("version", info.linkGroup().map(LinkGroupInfo::version))
                .put("fallbackReason", fallback(info))
                .put("linkGroup", info.linkGroup().map(LinkGroupInfo::id))
                .put("links", links(info))
                .put("failovers", info.failovers());
    }

    private static String text(LinkGroupInfo group) {
        String links = switch (group.links().size()) {
            case 0 -> "";
            case 1 -> ", 1 link";
            default -> ", " + group.links().size() + " links";
        };
        String version = group.version().equals("1") ? "version 1, " : "";
        return " (" + version + "link group " + group.id() + links + ")";
    }
}
