package io.smc4j.rdma.ibverbs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.smc4j.rdma.PortGid;
import io.smc4j.rdma.PortInfo;
import io.smc4j.rdma.PortState;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaGid;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Reads a device's ports: state, MTU, GID table, and the MAC of the network device behind it. Blocking threads. */
final class IbPorts {
    private static final ValueLayout.OfLong BIG_ENDIAN =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int MOST_GIDS = 1024;

    private final Verbs verbs;
    private final long context;
    private final String device;
    private final int count;

    IbPorts(Verbs verbs, long context, String device, int count) {
        this.verbs = verbs;
        this.context = context;
        this.device = device;
        this.count = count;
    }

    /** All ports as they are now, ordered by number. */
    List<PortInfo> read() throws RdmaException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment table = arena.allocate(MOST_GIDS * Abi.GID_ENTRY_BYTES, 8);
            long gids = verbs.queryGidTable(context, table, MOST_GIDS);
            if (gids < 0) {
                throw Errors.of("ibv_query_gid_table(" + device + ")", gids);
            }
            List<PortInfo> ports = new ArrayList<>();
            for (int port = 1; port <= count; port++) {
                ports.add(port(port, arena.allocate(Abi.PORT_BYTES, 8), entries(table, gids, port)));
            }
            return List.copyOf(ports);
        }
    }

    private PortInfo port(int number, MemorySegment attributes, List<PortGid> gids) throws RdmaException {
        int error = verbs.queryPort(context, number, attributes);
        if (error != 0) {
            throw Errors.of("ibv_query_port(" + device + ", port " + number + ")", error);
        }
        boolean ethernet = attributes.get(JAVA_BYTE, Abi.PORT_LINK_LAYER) == Abi.LINK_LAYER_ETHERNET;
        boolean active = attributes.get(JAVA_INT, Abi.PORT_STATE) == Abi.PORT_ACTIVE;
        Optional<PortGid> first = gids.stream().min(Comparator.comparingInt(IbPorts::preference));
        return new PortInfo(
                number,
                // SMC-R knows RoCE only, and a port without a GID can name itself to nobody
                active && ethernet && first.isPresent() ? PortState.ACTIVE : PortState.DOWN,
                first.map(PortGid::gid).orElse(new RdmaGid(0, 0)),
                first.map(gid -> mac(gid.interfaceIndex())).orElse(0L),
                Abi.mtuBytes(attributes.get(JAVA_INT, Abi.PORT_ACTIVE_MTU)),
                gids);
    }

    /** RoCE v2 with an IPv4 address is what SMC-R version 2 uses; then other v2 GIDs, then v1. */
    private static int preference(PortGid gid) {
        return switch (gid.type()) {
            case ROCE_V2 -> gid.gid().isIpv4Mapped() ? 0 : 1;
            case ROCE_V1 -> 2;
        };
    }

    private static List<PortGid> entries(MemorySegment table, long count, int port) {
        List<PortGid> gids = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            MemorySegment entry = table.asSlice(i * Abi.GID_ENTRY_BYTES, Abi.GID_ENTRY_BYTES);
            int type = entry.get(JAVA_INT, Abi.GID_TYPE);
            if (entry.get(JAVA_INT, Abi.GID_PORT) == port
                    && (type == Abi.GID_TYPE_ROCE_V1 || type == Abi.GID_TYPE_ROCE_V2)) {
                gids.add(new PortGid(
                        entry.get(JAVA_INT, Abi.GID_INDEX),
                        new RdmaGid(
                                entry.get(BIG_ENDIAN, Abi.GID_BYTES_OFFSET),
                                entry.get(BIG_ENDIAN, Abi.GID_BYTES_OFFSET + 8)),
                        type == Abi.GID_TYPE_ROCE_V2 ? PortGid.Type.ROCE_V2 : PortGid.Type.ROCE_V1,
                        entry.get(JAVA_INT, Abi.GID_NDEV)));
            }
        }
        return gids;
    }

    private static long mac(int interfaceIndex) {
        try {
            NetworkInterface network = interfaceIndex > 0 ? NetworkInterface.getByIndex(interfaceIndex) : null;
            byte[] address = network == null ? null : network.getHardwareAddress();
            long mac = 0;
            for (int i = 0; address != null && i < address.length; i++) {
                mac = mac << 8 | address[i] & 0xff;
            }
            return mac;
        } catch (SocketException e) {
            return 0; // the interface went meanwhile: an event that the port is down follows
        }
    }
}
