package io.smc4j.actors.group;

import io.smc4j.LinkGroupInfo;
import io.smc4j.Transport;
import io.smc4j.actors.connection.Attachment;
import io.smc4j.actors.connection.Connection;
import io.smc4j.actors.datapath.SmcdEndpoint;
import io.smc4j.actors.link.LinkReport;
import io.smc4j.actors.node.IsmContext;
import io.smc4j.actors.queue.IsmCommand;
import io.smc4j.actors.queue.Reaper;
import io.smc4j.protocol.BufferSizeClass;
import io.smc4j.protocol.clc.DiagnosisCode;
import io.smc4j.protocol.lifecycle.group.GroupEffect;
import io.smc4j.protocol.lifecycle.group.GroupEvent;
import io.smc4j.protocol.lifecycle.group.GroupPhase;
import io.smc4j.protocol.lifecycle.group.GroupRole;
import io.smc4j.protocol.lifecycle.group.TerminationCause;
import io.smc4j.rdma.Dmb;
import io.smc4j.rdma.IsmGid;
import io.smc4j.rdma.RemoteDmb;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/** An SMC-D link group: no links and no LLC, one DMB in each direction for every connection. */
public final class SmcdLinkGroup extends LinkGroup {
    private final IsmContext ism;
    private final IsmGid peerGid;
    private final DmbPool pool;
    private final Map<Long, SmcdMember> members = new HashMap<>();
    private final ActorRef<IsmCommand.Detached> detached;

    /** @param peer the peer's device */
    public static Behavior<Command> create(GroupSpec spec, IsmContext ism, IsmGid peer) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new SmcdLinkGroup(context, timers, spec, ism, peer)));
    }

    private SmcdLinkGroup(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            GroupSpec spec,
            IsmContext ism,
            IsmGid peerGid) {
        super(context, timers, spec, GroupStates.smcd(spec));
        this.ism = ism;
        this.peerGid = peerGid;
        this.pool =
                new DmbPool(ism.device(), node.budget(), node.settings().smcD().bufferSize(), node.blocking());
        this.detached =
                context.messageAdapter(IsmCommand.Detached.class, r -> new Back(() -> onDetached(r.endpoint())));
    }

    @Override
    void begin(long connection, JoinRequest request) {
        boolean first = state.phase() == GroupPhase.FORMING && members.isEmpty();
        if (request instanceof JoinRequest.SmcdClient client && client.firstContact() != first) {
            refuse(connection, DiagnosisCode.SYNCERR, "first contact does not fit link group " + id(), false);
            return;
        }
        members.put(connection, new SmcdMember(connection, request, first));
        feed(new GroupEvent.Join(connection, OptionalInt.empty()));
    }

    @Override
    void onJoined(long connection, int link) {
        SmcdMember member = members.get(connection);
        if (member == null) {
            return;
        }
        spawnConnection(connection, member.request, Transport.SMC_D);
        Dmb again = pool.renew(member.doorbell);
        if (again != null) {
            onRegistered(connection, again, null);
        } else {
            getContext()
                    .pipeToSelf(
                            pool.register(member.doorbell),
                            (dmb, failure) -> new Back(() -> onRegistered(connection, dmb, failure)));
        }
        if (member.request instanceof JoinRequest.SmcdClient client) {
            attach(member, client.peerGid(), client.peer()); // behind the other, without a turn in between
        }
    }

    private void onRegistered(long connection, @Nullable Dmb dmb, @Nullable Throwable failure) {
        SmcdMember member = members.get(connection);
        if (dmb == null) {
            fail(connection, DiagnosisCode.MAX_DMB, reason(failure));
        } else if (member == null || connection(connection) == null || !waiting(connection)) {
            pool.free(dmb); // it left meanwhile, or was told to
        } else {
            member.own = dmb;
            if (spec.role() == GroupRole.SERVER) {
                offer(member, dmb);
            } else {
                open(member);
            }
        }
    }

    private void attach(SmcdMember member, IsmGid gid, io.smc4j.protocol.clc.SmcdEndpoint peer) {
        int size = Math.toIntExact(peer.dmbeSize().bytes());
        member.peerToken = peer.dmbToken();
        RemoteDmb again = pool.renewed(peer.dmbToken(), size);
        if (again != null) {
            onRemote(member.id, peer.dmbToken(), again, null);
        } else {
            getContext()
                    .pipeToSelf(
                            pool.attach(gid, peer.dmbToken(), size),
                            (dmb, failure) -> new Back(() -> onRemote(member.id, peer.dmbToken(), dmb, failure)));
        }
    }

    private void onRemote(long connection, long token, @Nullable RemoteDmb dmb, @Nullable Throwable failure) {
        SmcdMember member = members.get(connection);
        ActorRef<Connection.Command> actor = connection(connection);
        if (dmb == null) {
            fail(connection, DiagnosisCode.INTERR, reason(failure));
        } else if (member == null || actor == null || !waiting(connection)) {
            pool.giveBack(dmb, token); // else its actor may have stopped already, and nobody would detach the endpoint
        } else {
            member.peer = dmb;
            open(member);
        }
    }

    /** Both DMBs are there, in whatever order they came: the endpoint begins. */
    private void open(SmcdMember member) {
        ActorRef<Connection.Command> actor = connection(member.id);
        Dmb own = member.own;
        RemoteDmb peer = member.peer;
        if (own == null || peer == null || actor == null) {
            return;
        }
        SmcdEndpoint endpoint = new SmcdEndpoint(own, peer, Connection.listener(actor), node.waiting());
        member.endpoint = endpoint;
        // The connection itself has the owner listen: the peer's abort may lie there already, and what to fail is
        // known.
        actor.tell(new Connection.Attach(new Attachment.Smcd(endpoint, member.doorbell, ism.owner())));
        if (spec.role() == GroupRole.CLIENT) {
            offer(member, own);
        }
        finish(member);
    }

    private void offer(SmcdMember member, Dmb own) {
        IsmGid gid = ism.device().gid();
        offered(
                member.id,
                new LocalOffer.Smcd(
                        member.firstContact,
                        new io.smc4j.protocol.clc.SmcdEndpoint(
                                gid.gid(), own.token(), 0, BufferSizeClass.atLeast(pool.size()), spec.id()),
                        gid,
                        ism.device().chid()));
    }

    @Override
    void onPeerSmcd(PeerSmcd message) {
        SmcdMember member = members.get(message.connection());
        if (member == null || !waiting(message.connection())) {
            return;
        }
        if (!message.gid().equals(peerGid)) {
            fail(message.connection(), DiagnosisCode.SYNCERR, "CONFIRM names another ISM device than PROPOSAL");
            return;
        }
        member.confirmed = true;
        attach(member, message.gid(), message.peer());
    }

    @Override
    void onConfirmSent(long connection) {
        SmcdMember member = members.get(connection);
        if (member != null) {
            member.confirmed = true;
            finish(member);
        }
    }

    private void finish(SmcdMember member) {
        if (member.confirmed && member.endpoint != null) {
            if (state.phase() == GroupPhase.FORMING) {
                feed(new GroupEvent.SmcdEstablished());
            }
            connected(member.id);
        }
    }

    @Override
    void onPeerGone(IsmGid peer) {
        if (peer.equals(peerGid)) {
            feed(new GroupEvent.Terminate(TerminationCause.PEER_GONE));
        }
    }

    @Override
    boolean detachInItsPlace(long connection) {
        SmcdMember member = members.get(connection);
        if (member == null || member.endpoint == null) {
            return false;
        }
        ism.owner().tell(new IsmCommand.Detach(member.endpoint, detached));
        return true;
    }

    private void onDetached(SmcdEndpoint endpoint) {
        for (SmcdMember member : List.copyOf(members.values())) {
            if (member.endpoint == endpoint) {
                onEndpointDetached(member.id, true);
            }
        }
    }

    @Override
    void releaseBuffers(long connection, boolean quiet) {
        SmcdMember member = members.remove(connection);
        if (member == null) {
            return;
        }
        // Views do not know of the mapping behind them: with one still in use it stays mapped, for ever if need be.
        boolean lent = member.endpoint != null && !member.endpoint.closeViews();
        RemoteDmb peer = member.peer;
        Dmb own = member.own;
        if (peer != null) {
            if (lent) {
                pool.forget(peer);
            } else if (quiet) {
                pool.giveBack(peer, member.peerToken);
            } else {
                pool.free(peer);
            }
        }
        if (own != null) {
            if (lent) {
                pool.forget(own);
            } else if (quiet) {
                pool.giveBack(own);
            } else {
                pool.free(own);
            }
        }
    }

    @Override
    void buryEndpoints() {
        for (SmcdMember member : members.values()) {
            if (member.endpoint != null) {
                node.reaper().tell(new Reaper.BurySmcd(spec.id(), ism.owner(), member.endpoint));
            }
        }
    }

    @Override
    CompletionStage<?> freeEverything(boolean quarantine) {
        List.copyOf(members.keySet()).forEach(connection -> releaseBuffers(connection, false));
        return pool
                .close(); // unmapping is safe whoever still holds a reference: an access then fails with an exception
    }

    @Override
    LinkGroupInfo describe() {
        return new LinkGroupInfo(
                id(),
                spec.role() == GroupRole.SERVER ? "server" : "client",
                state.version().label(),
                state.type().name(),
                List.of());
    }

    // ---- SMC-R's business ----

    @Override
    void onEstablished() {}

    @Override
    void onPeerSmcr(PeerSmcr peer) {
        fail(peer.connection(), DiagnosisCode.INTERR, "an SMC-R answer for an SMC-D link group");
    }

    @Override
    void onPortChanged(PortChanged change) {}

    @Override
    void onLinkReport(LinkReport report) {}

    @Override
    void carryOutOnLinks(GroupEffect effect) {
        throw new IllegalStateException("an SMC-D link group has no links, but was asked for " + effect + ": a bug");
    }

    @Override
    void onOtherChildGone(ActorRef<Void> child) {}

    @Override
    void escalateLinks() {}

    private static String reason(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException c && c.getCause() != null ? c.getCause() : failure;
        return cause == null || cause.getMessage() == null ? "no reason given" : cause.getMessage();
    }
}
