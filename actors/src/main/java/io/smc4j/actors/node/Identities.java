package io.smc4j.actors.node;

import io.smc4j.config.SmcSettings;
import io.smc4j.protocol.Eid;
import io.smc4j.protocol.MacAddress;
import io.smc4j.protocol.PeerId;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Makes a node's identity. */
final class Identities {
    private static final int LONGEST_HOST_NAME = 32;

    private Identities() {}

    static NodeIdentity of(SmcSettings settings, List<RdmaContext> rdma) {
        // Never 0: a peer would take that for "not told".
        int instance = ThreadLocalRandom.current().nextInt(1, 1 << 16);
        MacAddress mac = rdma.isEmpty()
                ? new MacAddress(ThreadLocalRandom.current().nextLong(1L << 40) | 0x02L << 40)
                : RdmaContext.mac(rdma.getFirst().rdma().port(1));
        return new NodeIdentity(
                PeerId.of(instance, mac),
                settings.hostName().orElseGet(Identities::hostName),
                settings.ueids().stream().map(Eid::new).toList());
    }

    private static String hostName() {
        try {
            String name = InetAddress.getLocalHost().getHostName();
            boolean ascii = StandardCharsets.US_ASCII.newEncoder().canEncode(name);
            return ascii && !name.isBlank()
                    ? name.substring(0, Math.min(LONGEST_HOST_NAME, name.length()))
                            .strip()
                    : "localhost";
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
