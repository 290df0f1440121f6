package io.smc4j.rdma.softrdma;

import io.smc4j.rdma.PortInfo;
import io.smc4j.rdma.PortState;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaGid;
import io.smc4j.rdma.shm.SharedNode;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** The ports of a softrdma device: fixed addresses, and a state that peers see in the device's page. Thread-safe. */
final class PortTable {
    private static final int MTU = 4096;

    /** Locally administered, unicast. */
    private static final long LOCAL_MAC = 0x02_00_00_00_00_00L;

    private final NodePage page;
    private final RdmaGid[] gids;
    private final long[] macs;

    private PortTable(NodePage page, int ports) {
        this.page = page;
        this.gids = new RdmaGid[ports + 1];
        this.macs = new long[ports + 1];
    }

    /** Gives the ports of a new device their addresses and makes them active. */
    static PortTable create(SharedNode node, NodePage page, int ports, RandomGenerator random) throws RdmaException {
        PortTable table = new PortTable(page, ports);
        for (int port = 1; port <= ports; port++) {
            table.macs[port] = LOCAL_MAC | random.nextLong(1L << 40);
            table.gids[port] = GidFile.create(node.directory(), node.id(), port, random);
            page.setAddress(port, table.gids[port], table.macs[port]);
            page.setState(port, PortState.ACTIVE);
        }
        page.format(ports);
        return table;
    }

    /** @throws IllegalArgumentException if there is no such port */
    PortInfo info(int port) {
        check(port);
        PortState state = page.isActive(port) ? PortState.ACTIVE : PortState.DOWN;
        return new PortInfo(port, state, gids[port], macs[port], MTU);
    }

    List<PortInfo> all() {
        return IntStream.range(1, gids.length).mapToObj(this::info).toList();
    }

    /** @return whether the state changed */
    synchronized boolean setState(int port, PortState state) {
        check(port);
        if (info(port).state() == state) {
            return false;
        }
        page.setState(port, state);
        return true;
    }

    private void check(int port) {
        if (port < 1 || port >= gids.length) {
            throw new IllegalArgumentException(
                    "there is no port %d: this softrdma device has ports 1..%d".formatted(port, gids.length - 1));
        }
    }
}
