package io.smc4j.actors.node;

import io.smc4j.actors.datapath.WaitSettings;
import io.smc4j.actors.queue.Reaper;
import io.smc4j.config.SmcSettings;
import io.smc4j.protocol.SmcVersion;
import io.smc4j.protocol.lifecycle.group.LocalPort;
import io.smc4j.rdma.PortInfo;
import io.smc4j.rdma.PortState;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What every actor of a node may know: immutable, or thread-safe by itself. Handed down at creation, never looked up.
 *
 * @param settings the checked configuration
 * @param identity what peers are told
 * @param rdma opened RDMA devices; empty if there are none or SMC-R is off
 * @param ism the opened ISM device, if there is one and SMC-D is on
 * @param budget registered memory
 * @param waiting how application threads wait
 * @param blocking where calls run that may sleep in the kernel
 * @param clock monotonic nanoseconds
 * @param actors what to wrap the behaviors of actors in before they are spawned
 * @param tokens alert tokens: they grow, so that a stale message finds nobody
 * @param reaper ends what failed actors leave behind
 */
public record NodeContext(
        SmcSettings settings,
        NodeIdentity identity,
        List<RdmaContext> rdma,
        Optional<IsmContext> ism,
        MemoryBudget budget,
        WaitSettings waiting,
        Executor blocking,
        LongSupplier clock,
        ActorDecorator actors,
        AtomicInteger tokens,
        ActorRef<Reaper.Command> reaper) {
    public NodeContext {
        rdma = List.copyOf(rdma);
    }

    /** Longest sleep at once of an application thread. */
    public long longestWaitNanos() {
        return Waiting.longestWaitNanos(settings.idle());
    }

    /** The device of a port. */
    public RdmaContext device(LocalPort port) {
        for (RdmaContext context : rdma) {
            if (context.rdma().name().equals(port.device())) {
                return context;
            }
        }
        throw new IllegalArgumentException("no RDMA device " + port.device() + " is open on this node");
    }

    /** The port that SMC-R of that version would use first. */
    public Optional<PortInfo> activePort(SmcVersion version) {
        for (RdmaContext context : rdma) {
            for (PortInfo port : context.rdma().ports()) {
                if (port.state() == PortState.ACTIVE && carries(port, version)) {
                    return Optional.of(port);
                }
            }
        }
        return Optional.empty();
    }

    /** Whether links of that version may be on the port while it is up: it has an address for it, and the settings allow it. */
    public boolean carries(PortInfo port, SmcVersion version) {
        boolean software = port.gids().isEmpty();
        boolean allowed = switch (version) {
            case V1 ->
                software
                        ? settings.versions().allowsVersion1InSoftware()
                        : settings.versions().allowsVersion1();
            case V2_0, V2_1 -> settings.versions().allowsVersion2();
        };
        return allowed && RdmaContext.gid(port, version).isPresent();
    }

    /** A new alert token: never 0, unique among live connections of the node. */
    public int newToken() {
        int token = tokens.incrementAndGet();
        return token != 0 ? token : tokens.incrementAndGet();
    }
}
