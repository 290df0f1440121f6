package io.smc4j.testkit.explore.smc;

import io.smc4j.protocol.SmcVersion;
import java.util.EnumMap;
import java.util.Map;

/**
 * A bounded configuration of the explored world: two nodes, at most two links at a time.
 *
 * @param version of the link group; in version 1 the rkeys of a new link are exchanged apart, in one message each way
 * @param established begin with an established link group (with as many links as the ports allow); else with its first contact
 * @param connected connections open at the beginning; with first contact: 1, the one that makes it
 * @param connections most connections in all
 * @param serverPorts ports of the server's devices, 1 or 2
 * @param clientPorts ports of the client's devices, 1 or 2
 * @param serverPortsUp how many of the server's are up at the beginning
 * @param ring bytes of a receive buffer, 1 to 4
 * @param writes most bytes an application writes on one end of a connection
 * @param atOnce whether steps that only one node can see are taken at once, together with what made them possible: calls on queue
 *     pairs that return, flushes, queue pairs destroyed, endpoints let go, drains noticed. Fewer states, fewer interleavings
 * @param budgets what may happen, and how often; what is missing never does
 */
public record SmcOptions(
        SmcVersion version,
        boolean established,
        int connected,
        int connections,
        int serverPorts,
        int clientPorts,
        int serverPortsUp,
        int ring,
        int writes,
        boolean atOnce,
        Map<Budget, Integer> budgets) {
    public SmcOptions {
        budgets = Map.copyOf(budgets);
        if (connections < connected || connections > 4 || ring < 1 || ring > 4 || writes > 12) {
            throw new IllegalArgumentException("at most 4 connections, a ring of 1 to 4 bytes, at most 12 writes");
        }
    }

    /** An established group, so many connections open, so many ports on both sides. */
    public static SmcOptions established(int connected, int ports) {
        return new SmcOptions(SmcVersion.V2_1, true, connected, connected, ports, ports, ports, 2, 2, false, Map.of());
    }

    /** First contact of one connection. */
    public static SmcOptions firstContact(int ports) {
        return new SmcOptions(SmcVersion.V2_1, false, 1, 1, ports, ports, ports, 2, 2, false, Map.of());
    }

    /** The environment may do this so many times. */
    public SmcOptions with(Budget what, int times) {
        Map<Budget, Integer> more = new EnumMap<>(Budget.class);
        more.putAll(budgets);
        more.put(what, times);
        int most = what == Budget.CONNECT ? connected + times : connections;
        return new SmcOptions(
                version,
                established,
                connected,
                most,
                serverPorts,
                clientPorts,
                serverPortsUp,
                ring,
                writes,
                atOnce,
                more);
    }

    /** Receive buffers of so many bytes. */
    public SmcOptions ring(int bytes) {
        return new SmcOptions(
                version,
                established,
                connected,
                connections,
                serverPorts,
                clientPorts,
                serverPortsUp,
                bytes,
                writes,
                atOnce,
                budgets);
    }

    /** Other ports: of the server (so many of them up) and the client. */
    public SmcOptions ports(int server, int serverUp, int client) {
        return new SmcOptions(
                version, established, connected, connections, server, client, serverUp, ring, writes, atOnce, budgets);
    }

    /** A link group of another version than 2.1. */
    public SmcOptions version(SmcVersion other) {
        return new SmcOptions(
                other,
                established,
                connected,
                connections,
                serverPorts,
                clientPorts,
                serverPortsUp,
                ring,
                writes,
                atOnce,
                budgets);
    }

    /** Steps that only one node can see are taken at once. */
    public SmcOptions atOnce(boolean value) {
        return new SmcOptions(
                version,
                established,
                connected,
                connections,
                serverPorts,
                clientPorts,
                serverPortsUp,
                ring,
                writes,
                value,
                budgets);
    }

    int budget(Budget what) {
        return budgets.getOrDefault(what, 0);
    }

    @Override
    public String toString() {
        return "version %s, %s, %d of %d connections open, ports %d (%d up) and %d, ring of %d%s, may %s"
                .formatted(
                        version.label(),
                        established ? "established group" : "first contact",
                        established ? connected : 0,
                        connections,
                        serverPorts,
                        serverPortsUp,
                        clientPorts,
                        ring,
                        atOnce ? ", local steps at once" : "",
                        new java.util.TreeMap<>(budgets));
    }
}
