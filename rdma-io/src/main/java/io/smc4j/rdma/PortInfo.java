package io.smc4j.rdma;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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

    /**
     * The entry of the GID table that SMC uses for that encapsulation: the first one of RoCE v1, and of RoCE v2 the first IPv4
     * address, else the first at all. Empty if the table has none, as those of software devices are.
     */
    public Optional<PortGid> entry(PortGid.Type type) {
        return gids.stream()
                .filter(entry -> entry.type() == type)
                .min(Comparator.comparingInt(
                        entry -> type == PortGid.Type.ROCE_V2 && !entry.gid().isIpv4Mapped() ? 1 : 0));
    }
}
