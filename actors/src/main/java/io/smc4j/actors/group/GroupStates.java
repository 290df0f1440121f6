package io.smc4j.actors.group;

import io.smc4j.actors.node.NodeContext;
import io.smc4j.actors.node.RdmaContext;
import io.smc4j.protocol.lifecycle.group.GroupRole;
import io.smc4j.protocol.lifecycle.group.GroupTimeouts;
import io.smc4j.protocol.lifecycle.group.LinkGroupState;
import io.smc4j.protocol.lifecycle.group.LocalPort;
import io.smc4j.rdma.PortInfo;
import io.smc4j.rdma.PortState;
import java.util.SortedSet;
import java.util.TreeSet;

/** First states of link groups, from the settings. */
final class GroupStates {
    /** SMC-D groups share no table of limited size; Linux knows no other limit either. */
    private static final int SMCD_CONNECTIONS = 4096;

    private GroupStates() {}

    static LinkGroupState smcr(GroupSpec spec) {
        NodeContext node = spec.node();
        SortedSet<LocalPort> ports = new TreeSet<>();
        for (RdmaContext context : node.rdma()) {
            for (PortInfo port : context.rdma().ports()) {
                if (port.state() == PortState.ACTIVE && node.carries(port, spec.version())) {
                    ports.add(context.port(port.number()));
                }
            }
        }
        return LinkGroupState.smcR(
                spec.role(),
                spec.version(),
                timeouts(spec),
                spec.limits().maxLinks(),
                spec.limits().maxConnections(),
                ports);
    }

    static LinkGroupState smcd(GroupSpec spec) {
        return LinkGroupState.smcD(spec.role(), timeouts(spec), SMCD_CONNECTIONS);
    }

    private static GroupTimeouts timeouts(GroupSpec spec) {
        var llc = spec.node().settings().llc();
        var group = spec.node().settings().linkGroup();
        return new GroupTimeouts(
                llc.messageWait(),
                llc.firstWait(),
                llc.clientConfirmLinkWait(),
                llc.flowInitiateWait(),
                spec.role() == GroupRole.SERVER ? group.idleTimeoutServer() : group.idleTimeoutClient(),
                group.terminationDeadline());
    }
}
