package io.smc4j.cli.dissect.report;

import io.smc4j.cli.dissect.message.Place;
import io.smc4j.protocol.Gid;
import java.util.LinkedHashMap;
import java.util.Map;

/** Addresses as text, each made once: IPv4 without its mapping into IPv6. */
final class Addresses {
    private static final int MOST = 10_000;

    private final Map<Gid, String> known = new LinkedHashMap<>();

    String text(Gid address) {
        String text = known.get(address);
        if (text == null) {
            if (known.size() >= MOST) {
                known.clear();
            }
            text = of(address);
            known.put(address, text);
        }
        return text;
    }

    static String of(Gid address) {
        String text = address.toString();
        return address.isIpv4Mapped() ? text.substring(text.lastIndexOf(':') + 1) : text;
    }

    /** Address and port, where there is one. */
    void append(Gid address, int port, StringBuilder out) {
        String text = text(address);
        if (port < 0) {
            out.append(text);
        } else if (address.isIpv4Mapped()) {
            out.append(text).append(':').append(port);
        } else {
            out.append('[').append(text).append("]:").append(port);
        }
    }

    /** Who to whom. */
    void append(Place place, StringBuilder out) {
        append(place.source(), place.sourcePort(), out);
        out.append(" > ");
        append(place.destination(), place.destinationPort(), out);
    }
}
