package io.smc4j.actors.node;

import io.smc4j.actors.queue.CompletionQueueHandle;
import io.smc4j.actors.queue.DeviceContext;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.MacAddress;
import io.smc4j.protocol.PathMtu;
import io.smc4j.protocol.SmcVersion;
import io.smc4j.protocol.lifecycle.group.LocalPort;
import io.smc4j.rdma.PortGid;
import io.smc4j.rdma.PortInfo;
import io.smc4j.rdma.RdmaDevice;
import io.smc4j.rdma.RdmaGid;
import java.util.Optional;

/**
 * An opened RDMA device as link groups use it. Thread-safe.
 *
 * @param device device, protection domain and completion queue, owned by the completion queue's owner
 * @param queue how to reach that owner
 */
public record RdmaContext(DeviceContext device, CompletionQueueHandle queue) {
    public RdmaDevice rdma() {
        return device.device();
    }

    public LocalPort port(int number) {
        return new LocalPort(rdma().name(), number);
    }

    /** How packets of a version's links are encapsulated. */
    public static PortGid.Type roce(SmcVersion version) {
        return version == SmcVersion.V1 ? PortGid.Type.ROCE_V1 : PortGid.Type.ROCE_V2;
    }

    /** The GID, as the protocol writes it, by which peers of that version reach the port: of RoCE v1 or v2. Empty if it has none. */
    public static Optional<Gid> gid(PortInfo port, SmcVersion version) {
        Optional<RdmaGid> gid = port.gids().isEmpty() // a software device: there is one, and what it means is up to it
                ? Optional.of(port.gid())
                : port.entry(roce(version)).map(PortGid::gid);
        return gid.map(found -> new Gid(found.high(), found.low()));
    }

    /** The GID as the device takes it. */
    public static RdmaGid gid(Gid gid) {
        return new RdmaGid(gid.high(), gid.low());
    }

    public static MacAddress mac(PortInfo port) {
        return new MacAddress(port.mac());
    }

    public static PathMtu mtu(PortInfo port) {
        for (PathMtu mtu : PathMtu.values()) {
            if (mtu.bytes() == port.mtuBytes()) {
                return mtu;
            }
        }
        throw new IllegalStateException("port " + port.number() + " reports an MTU of " + port.mtuBytes()
                + " bytes, which no RoCE port has: 256, 512, 1024, 2048 or 4096");
    }
}
