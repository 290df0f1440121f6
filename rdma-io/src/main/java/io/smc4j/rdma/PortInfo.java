package io.smc4j.rdma;

import java.util.List;

/**
 * One port of a device as it is now.
 *
 * @param number 1-based port number
 * @param state whether it carries traffic
 * @param gid the address peers use to reach it (RoCE v2: an IPv4-mapped address)
 * @param mac the 48-bit link-layer address in the low bits
 * @param mtuBytes largest path MTU the port can use: 256, 512, 1024, 2048 or 4096
 * @param gids the port's whole GID table; empty for software devices, which have only {@code gid}
 */
public record PortInfo(int number, PortState state, RdmaGid gid, long mac, int mtuBytes, List<PortGid> gids) {
    public PortInfo {
        gids = List.copyOf(gids);
    }

    /** A port of a software device. */
    public PortInfo(int number, PortState state, RdmaGid gid, long mac, int mtuBytes) {
        this(number, state, gid, mac, mtuBytes, List.of());
    }
}
