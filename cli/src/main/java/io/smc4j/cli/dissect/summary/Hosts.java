package io.smc4j.cli.dissect.summary;

import io.smc4j.protocol.Gid;
import java.util.HashMap;
import java.util.Map;

/** Which addresses belong to one host: a host has an IP address for TCP and a GID for each RDMA port. */
final class Hosts {
    private final Map<Gid, Gid> parents = new HashMap<>();

    /** Says that both are the same host. */
    void join(Gid a, Gid b) {
        if (a.isNone() || b.isNone()) {
            return;
        }
        Gid rootA = root(a);
        Gid rootB = root(b);
        if (!rootA.equals(rootB)) {
            parents.put(rootB, rootA);
        }
    }

    boolean same(Gid a, Gid b) {
        return root(a).equals(root(b));
    }

    private Gid root(Gid address) {
        Gid at = address;
        Gid parent = parents.get(at);
        while (parent != null) {
            at = parent;
            parent = parents.get(at);
        }
        if (!at.equals(address)) {
            parents.put(address, at);
        }
        return at;
    }
}
