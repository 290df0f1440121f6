package io.smc4j.actors.link;

import io.smc4j.actors.node.RdmaContext;
import io.smc4j.actors.queue.LinkListener;
import io.smc4j.actors.queue.OwnedLink;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.PathMtu;
import io.smc4j.rdma.PortInfo;
import io.smc4j.rdma.PortState;
import io.smc4j.rdma.QueuePair;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RtrAttributes;
import io.smc4j.rdma.RtsAttributes;
import java.util.concurrent.ThreadLocalRandom;

/** The blocking verbs calls of a link, with the attributes Linux SMC uses. Blocking threads only. */
final class QueuePairs {
    private static final int HOP_LIMIT_DIRECT = 1;
    private static final int HOP_LIMIT_ROUTED = 64;
    private static final int MIN_RNR_TIMER = 5;

    private QueuePairs() {}

    /** A queue pair in INIT with its control buffers, and our end of the link. */
    record Made(OwnedLink link, LinkAddress local) {}

    static Made create(LinkSpec spec, LinkListener listener) throws RdmaException {
        RdmaContext context = spec.context();
        PortInfo port = context.rdma().port(spec.port());
        if (port.state() != PortState.ACTIVE) {
            throw new RdmaException(
                    RdmaException.Category.UNREACHABLE,
                    "port " + spec.port() + " of " + context.rdma().name() + " is down, no link can use it");
        }
        Gid gid = RdmaContext.gid(port, spec.version())
                .orElseThrow(() -> new RdmaException(
                        RdmaException.Category.UNREACHABLE,
                        "port " + spec.port() + " of " + context.rdma().name()
                                + " has no address (any more) for links of SMC version "
                                + spec.version().label()));
        QueuePair queuePair = context.device()
                .protectionDomain()
                .createQueuePair(context.device().completionQueue(), OwnedLink.CAPACITY);
        OwnedLink link = null;
        try {
            link = OwnedLink.prepare(
                    context.device().protectionDomain(),
                    queuePair,
                    context.rdma().maxInlineBytes(),
                    spec.number(),
                    spec.incarnation(),
                    spec.routes(),
                    listener);
            queuePair.toInit(spec.port());
            int psn = ThreadLocalRandom.current().nextInt(1 << 24);
            return new Made(
                    link, new LinkAddress(gid, RdmaContext.mac(port), queuePair.number(), psn, RdmaContext.mtu(port)));
        } catch (RdmaException | RuntimeException e) {
            queuePair.close();
            if (link != null) {
                link.free();
            }
            throw e;
        }
    }

    static void toRtr(OwnedLink link, LinkSpec spec, LinkAddress local, LinkAddress peer) throws RdmaException {
        PathMtu mtu = local.mtu().compareTo(peer.mtu()) <= 0 ? local.mtu() : peer.mtu();
        link.queuePair()
                .toRtr(new RtrAttributes(
                        RdmaContext.gid(peer.gid()),
                        peer.mac().value(),
                        peer.qpNumber(),
                        peer.psn(),
                        mtu.bytes(),
                        spec.direct() ? HOP_LIMIT_DIRECT : HOP_LIMIT_ROUTED,
                        MIN_RNR_TIMER,
                        RdmaContext.roce(spec.version())));
    }

    static void toRts(OwnedLink link, LinkAddress local) throws RdmaException {
        link.queuePair().toRts(RtsAttributes.linux(local.psn()));
    }
}
