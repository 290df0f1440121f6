package io.smc4j.actors.group;

import io.smc4j.LinkGroupInfo;
import io.smc4j.Transport;
import io.smc4j.actors.connection.Attachment;
import io.smc4j.actors.connection.Connection;
import io.smc4j.actors.datapath.PeerRmbe;
import io.smc4j.actors.datapath.SmcrEndpoint;
import io.smc4j.actors.link.Link;
import io.smc4j.actors.link.LinkAddress;
import io.smc4j.actors.link.LinkReport;
import io.smc4j.actors.link.LinkSpec;
import io.smc4j.actors.node.ActorKind;
import io.smc4j.actors.node.RdmaContext;
import io.smc4j.actors.queue.Command.AttachEndpoint;
import io.smc4j.actors.queue.Command.DetachEndpoint;
import io.smc4j.actors.queue.Command.MoveEndpoints;
import io.smc4j.actors.queue.Command.OpenEndpoint;
import io.smc4j.actors.queue.LinkRoutes;
import io.smc4j.actors.queue.OwnedLink;
import io.smc4j.actors.queue.Reaper;
import io.smc4j.actors.queue.Reply;
import io.smc4j.protocol.BufferSizeClass;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.PathMtu;
import io.smc4j.protocol.SmcVersion;
import io.smc4j.protocol.clc.DiagnosisCode;
import io.smc4j.protocol.lifecycle.connection.AbortCause;
import io.smc4j.protocol.lifecycle.group.GroupEffect;
import io.smc4j.protocol.lifecycle.group.GroupEvent;
import io.smc4j.protocol.lifecycle.group.GroupPhase;
import io.smc4j.protocol.lifecycle.group.GroupRole;
import io.smc4j.protocol.lifecycle.group.LinkEntry;
import io.smc4j.protocol.lifecycle.group.LinkStage;
import io.smc4j.protocol.lifecycle.group.TerminationCause;
import io.smc4j.protocol.llc.LlcMessage;
import io.smc4j.rdma.IsmGid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * An SMC-R link group: owns its links, buffers and the peer's rtokens.
 *
 * <p>Link-set changes, buffer leases and rkey exchange all happen in this actor's turn, first contact included, so none of them
 * can meet the others half done.
 */
public final class SmcrLinkGroup extends LinkGroup {
    private final LinkRoutes routes = new LinkRoutes();
    private final BufferPool pool;
    private final RtokenTable rtokens = new RtokenTable(this::ownedLink);
    private final LlcDispatch llc = new LlcDispatch(this);
    private final Map<Integer, LinkSlot> slots = new HashMap<>();
    private final Map<Long, SmcrMember> members = new HashMap<>();
    private final Map<Long, RmbBuffer> leaving = new HashMap<>();
    private final OwnRkeys ownRkeys = new OwnRkeys(spec.version().number(), members, leaving);
    private final Map<Integer, LinkAddress> peerAddresses = new HashMap<>();
    // One adapter per message class and actor: a second one for the same class would replace the first.
    private final ActorRef<Reply.LlcSent> llcSent;
    private final ActorRef<Reply.EndpointAttached> endpointAttached;
    private final ActorRef<Reply.EndpointDetached> endpointDetached;
    private final ActorRef<Reply.EndpointsMoved> endpointsMoved;
    private String trouble = "";
    private long peerId;
    private boolean direct = true;

    /** A group that is to be created by first contact. */
    public static Behavior<Command> create(GroupSpec spec) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new SmcrLinkGroup(context, timers, spec)));
    }

    private SmcrLinkGroup(ActorContext<Command> context, TimerScheduler<Command> timers, GroupSpec spec) {
        super(context, timers, spec, GroupStates.smcr(spec));
        pool = new BufferPool(node.rdma(), node.budget(), node.settings().smcR().bufferSize(), node.blocking());
        llcSent = context.messageAdapter(Reply.LlcSent.class, r -> new Back(() -> onLlcSent(r)));
        endpointAttached = context.messageAdapter(Reply.EndpointAttached.class, r -> new Back(() -> onAttached(r)));
        endpointDetached = context.messageAdapter(Reply.EndpointDetached.class, r -> new Back(() -> onDetached(r)));
        endpointsMoved = context.messageAdapter(Reply.EndpointsMoved.class, r -> new Back(() -> {}));
    }

    // ---- joining: membership, buffers, endpoint, rkey, offer ----

    @Override
    void begin(long connection, JoinRequest request) {
        boolean first = state.phase() == GroupPhase.FORMING && state.links().isEmpty();
        SmcrMember member = new SmcrMember(connection, request, first);
        OptionalInt link = OptionalInt.empty();
        if (request instanceof JoinRequest.SmcrClient client) {
            if (client.firstContact() != first) {
                refuse(connection, DiagnosisCode.SYNCERR, "first contact does not fit link group " + id(), false);
                return;
            }
            peerId = client.peer().peerId().value();
            if (first) {
                peerAddresses.put(1, address(client.peer()));
            } else {
                link = linkTo(client.peer());
                if (link.isEmpty()) {
                    refuse(connection, DiagnosisCode.NOSRVLINK, "no link to the queue pair that ACCEPT names", false);
                    return;
                }
            }
        }
        if (first && !startFirstContact(connection, request)) {
            return;
        }
        members.put(connection, member);
        feed(new GroupEvent.Join(connection, link));
    }

    private boolean startFirstContact(long connection, JoinRequest request) {
        if (state.ports().isEmpty()) {
            refuse(connection, DiagnosisCode.NOSMCRDEV, "no port of an RDMA device is up", false);
            feed(new GroupEvent.Terminate(TerminationCause.FIRST_CONTACT_FAILED));
            return false;
        }
        direct = switch (request) {
            case JoinRequest.SmcrServer s -> s.direct();
            case JoinRequest.SmcrClient c -> c.direct();
            case JoinRequest.SmcdServer s -> true;
            case JoinRequest.SmcdClient c -> true;
        };
        Gid peer =
                request instanceof JoinRequest.SmcrClient client ? client.peer().gid() : Gid.NONE;
        feed(new GroupEvent.StartFirstContact(state.ports().first(), peer));
        return true;
    }

    /** The link whose peer is at that end. In version 1 the MAC address is part of who it is. */
    private OptionalInt linkTo(io.smc4j.protocol.clc.SmcrEndpoint end) {
        for (LinkSlot slot : slots.values()) {
            LinkAddress peer = slot.peer;
            if (peer != null
                    && peer.qpNumber() == end.qpNumber()
                    && peer.gid().equals(end.gid())
                    && (spec.version() != SmcVersion.V1 || peer.mac().equals(end.mac()))) {
                return OptionalInt.of(slot.number);
            }
        }
        return OptionalInt.empty();
    }

    @Override
    void onJoined(long connection, int link) {
        SmcrMember member = members.get(connection);
        if (member == null) {
            return;
        }
        member.link = link;
        member.token = newToken();
        member.rkeyConfirmed = member.firstContact;
        spawnConnection(connection, member.request, Transport.SMC_R);
        // Before CONFIRM goes out: the server may then name its RMB in ADD LINK at once.
        if (member.request instanceof JoinRequest.SmcrClient client && !learnPeer(member, client.peer(), link)) {
            return;
        }
        getContext()
                .pipeToSelf(pool.claim(), (buffer, failure) -> new Back(() -> onBuffer(connection, buffer, failure)));
    }

    /** Not that of a connection from before the node's counter went round. */
    private int newToken() {
        while (true) {
            int token = node.newToken();
            if (members.values().stream().noneMatch(member -> member.token == token)) {
                return token;
            }
        }
    }

    private void onBuffer(long connection, @Nullable RmbBuffer buffer, @Nullable Throwable failure) {
        SmcrMember member = members.get(connection);
        ActorRef<Connection.Command> actor = connection(connection);
        if (buffer == null) {
            Throwable cause = failure instanceof CompletionException c && c.getCause() != null ? c.getCause() : failure;
            fail(connection, DiagnosisCode.MEM, cause == null ? "no buffer" : String.valueOf(cause.getMessage()));
            return;
        }
        if (member == null || actor == null || !waiting(connection)) {
            // It left meanwhile, or was told to: its actor may have stopped already, and nobody would detach an
            // endpoint.
            // The peer never heard of the buffer.
            pool.giveBack(buffer);
            return;
        }
        member.buffer = buffer;
        SmcrEndpoint endpoint = new SmcrEndpoint(
                member.token,
                buffer.sendBuffer(),
                buffer.rmb(),
                Connection.listener(actor),
                node.waiting().forFewCores());
        member.endpoint = endpoint;
        attachIfPossible(member);
        if (!member.rkeyConfirmed) {
            feed(new GroupEvent.ConfirmRkeyWanted(connection));
        }
    }

    /** The endpoint's token must lead to it before the peer can learn the token. */
    private void attachIfPossible(SmcrMember member) {
        LinkSlot slot = slots.get(member.link);
        SmcrEndpoint endpoint = member.endpoint;
        ActorRef<Connection.Command> actor = connection(member.id);
        if (slot == null
                || slot.link == null
                || endpoint == null
                || actor == null
                || member.owner != null
                || !waiting(member.id)) {
            return;
        }
        // First the owner: else a connection that ends at once could have the endpoint detached before it is attached.
        slot.context.queue().tell(new AttachEndpoint(endpoint, slot.link, endpointAttached));
        actor.tell(new Connection.Attach(new Attachment.Smcr(endpoint, slot.context.queue())));
        member.owner = slot.context.queue();
    }

    private void onAttached(Reply.EndpointAttached reply) {
        for (SmcrMember member : members.values()) {
            if (member.endpoint == reply.endpoint()) {
                if (reply.accepted()) {
                    offerIfReady(member, true);
                } else {
                    fail(member.id, DiagnosisCode.NOACTLINK, reply.detail());
                }
                return;
            }
        }
    }

    private void offerIfReady(SmcrMember member, boolean endpointReady) {
        LinkSlot slot = slots.get(member.link);
        RmbBuffer buffer = member.buffer;
        if (endpointReady) {
            member.routed = true;
        }
        if (slot == null
                || slot.local == null
                || buffer == null
                || !member.routed
                || !member.rkeyConfirmed
                || member.offered) {
            return;
        }
        if (member.firstContact
                && state.links().get(1) instanceof LinkEntry entry
                && entry.stage() == LinkStage.PREPARING) {
            return; // FirstLinkPrepared comes
        }
        member.offered = true;
        offered(member.id, new LocalOffer.Smcr(member.firstContact, end(member, slot, buffer)));
    }

    private io.smc4j.protocol.clc.SmcrEndpoint end(SmcrMember member, LinkSlot slot, RmbBuffer buffer) {
        LinkAddress local = required(slot.local);
        var region = buffer.region(slot.context.device().protectionDomain());
        PathMtu mtu = slot.peer == null || local.mtu().compareTo(slot.peer.mtu()) <= 0 ? local.mtu() : slot.peer.mtu();
        return new io.smc4j.protocol.clc.SmcrEndpoint(
                node.identity().peerId(),
                local.gid(),
                local.mac(),
                local.qpNumber(),
                region.remoteKey(),
                1,
                member.token,
                BufferSizeClass.atLeast(buffer.size()),
                mtu,
                region.address(),
                local.psn());
    }

    @Override
    void onPeerSmcr(PeerSmcr message) {
        SmcrMember member = members.get(message.connection());
        if (member == null || !waiting(message.connection())) {
            return;
        }
        peerId = message.peer().peerId().value();
        // Its key is one of the link that it names, which is not ours any more if the connection was moved since
        // ACCEPT.
        OptionalInt named = linkTo(message.peer());
        if (named.isEmpty() && !member.firstContact) {
            fail(member.id, DiagnosisCode.NOACTLINK, "the link that CONFIRM names is gone");
            return;
        }
        if (!learnPeer(member, message.peer(), named.orElse(member.link))) {
            return;
        }
        member.confirmed = true;
        if (member.firstContact) {
            LinkSlot slot = slots.get(member.link);
            if (slot != null) {
                slot.peer = address(message.peer());
            }
            feed(new GroupEvent.PeerKnown(message.peer().gid()));
        } else {
            open(member);
            connected(member.id);
        }
    }

    private boolean learnPeer(SmcrMember member, io.smc4j.protocol.clc.SmcrEndpoint peer, int link) {
        if (rtokens.isWithdrawn(link, peer.rkey())) {
            // The message was overtaken by DELETE RKEY: the peer's end of the connection is over.
            fail(member.id, DiagnosisCode.ERR_RTOK, "the peer has withdrawn the RMB that its message names");
            return false;
        }
        if (!rtokens.add(link, peer.rkey(), peer.rmbAddress(), Map.of())) {
            fail(
                    member.id,
                    DiagnosisCode.ERR_RTOK,
                    "the peer has announced more than " + RtokenTable.CAPACITY + " RMBs");
            return false;
        }
        PeerRmbe rmbe = new PeerRmbe(
                peer.alertToken(),
                Math.toIntExact(peer.rmbeSize().bytes()),
                (long) peer.rmbeSize().bytes() * (peer.rmbeIndex() - 1));
        member.peer = rmbe;
        rtokens.use(rmbe, link, peer.rkey());
        return true;
    }

    @Override
    void onConfirmSent(long connection) {
        SmcrMember member = members.get(connection);
        if (member == null || !(member.request instanceof JoinRequest.SmcrClient)) {
            return;
        }
        member.confirmed = true;
        if (!member.firstContact || state.phase() == GroupPhase.LISTED) {
            open(member);
            connected(connection);
        }
    }

    @Override
    void onEstablished() {
        for (SmcrMember member : List.copyOf(members.values())) {
            if (member.firstContact && member.confirmed) {
                open(member);
                connected(member.id);
            }
        }
    }

    private void open(SmcrMember member) {
        LinkSlot slot = slots.get(member.link);
        if (!member.open && slot != null && member.endpoint != null && member.peer != null) {
            member.open = true;
            slot.context.queue().tell(new OpenEndpoint(member.endpoint, member.peer));
        }
    }

    @Override
    void onPeerSmcd(PeerSmcd peer) {
        fail(peer.connection(), DiagnosisCode.INTERR, "an SMC-D answer for an SMC-R link group");
    }

    @Override
    void onPeerGone(IsmGid peer) {} // SMC-R peers show up as broken queue pairs

    // ---- links ----

    @Override
    void onPortChanged(PortChanged change) {
        if (change.up()) {
            if (node.carries(
                    node.device(change.port()).rdma().port(change.port().port()), spec.version())) {
                feed(new GroupEvent.PortUp(change.port()));
            }
            return;
        }
        feed(new GroupEvent.PortDown(change.port()));
        for (LinkSlot slot : slots.values()) {
            if (slot.port.equals(change.port())) {
                slot.actor.tell(new Link.PortLost());
            }
        }
    }

    @Override
    void onLinkReport(LinkReport report) {
        LinkSlot slot = slots.get(report.number());
        if (slot == null || slot.incarnation != report.incarnation()) {
            return;
        }
        switch (report) {
            case LinkReport.Prepared r -> {
                slot.link = r.link();
                slot.local = r.local();
                rtokens.linkPrepared();
                feed(new GroupEvent.LinkPrepared(r.number(), r.incarnation()));
                members.values().forEach(this::attachIfPossible);
            }
            case LinkReport.Ready r -> feed(new GroupEvent.LinkReady(r.number(), r.incarnation()));
            case LinkReport.Down r -> {
                trouble = ": " + r.detail();
                getContext().getLog().info("link {} of link group {} is down: {}", r.number(), id(), r.detail());
                feed(new GroupEvent.LinkDown(r.number(), r.incarnation()));
            }
            case LinkReport.Received r -> llc.received(slot, r.message());
            case LinkReport.Cleared r -> {
                slot.cleared = true;
                if (slot.failed) {
                    linkGone(slot);
                }
            }
        }
    }

    @Override
    String lastTrouble() {
        return trouble;
    }

    @Override
    void onOtherChildGone(ActorRef<Void> child) {
        for (LinkSlot slot : List.copyOf(slots.values())) {
            if (slot.actor.path().equals(child.path())) {
                if (slot.cleared) {
                    linkGone(slot);
                } else {
                    slot.failed = true; // the reaper ends its queue pair, and reports that as the actor would have
                    trouble = ": the actor of link " + slot.number + " failed";
                    feed(new GroupEvent.LinkDown(slot.number, slot.incarnation));
                }
                return;
            }
        }
    }

    private void linkGone(LinkSlot slot) {
        rtokens.linkGone(slot.number, slot.link);
        slots.remove(slot.number);
        peerAddresses.remove(slot.number);
        announce();
        feed(new GroupEvent.LinkCleared(slot.number, slot.incarnation));
        notifiedIfAllSent();
    }

    @Override
    void escalateLinks() {
        slots.values().forEach(slot -> getContext().stop(slot.actor));
    }

    @Override
    void carryOutOnLinks(GroupEffect effect) {
        switch (effect) {
            case GroupEffect.PrepareLink e -> prepareLink(e);
            case GroupEffect.ReadyLink e ->
                onSlot(
                        e.number(),
                        slot -> slot.actor.tell(
                                spec.role() == GroupRole.SERVER
                                        ? new Link.ConnectTo(required(slot.peer))
                                        : new Link.GetReady()));
            case GroupEffect.LinkActivated e ->
                onSlot(e.number(), slot -> {
                    slot.actor.tell(new Link.Activated());
                    getContext().getLog().info("link {} of link group {} is active on {}", e.number(), id(), slot.port);
                    announce();
                });
            case GroupEffect.ClearLink e -> onSlot(e.number(), slot -> slot.actor.tell(new Link.Clear()));
            case GroupEffect.MoveConnections e -> move(e.from(), e.to());
            case GroupEffect.FirstLinkPrepared e ->
                List.copyOf(members.values()).forEach(m -> {
                    attachIfPossible(m);
                    offerIfReady(m, false);
                });
            case GroupEffect.RkeyConfirmed e -> onRkeyConfirmed(e);
            case GroupEffect.RkeyDeleted e -> onRkeyDeleted(e);
            default -> llc.send(effect);
        }
    }

    private void prepareLink(GroupEffect.PrepareLink e) {
        RdmaContext context = node.device(e.port());
        LinkAddress peer = peerAddresses.get(e.number());
        ActorRef<Command> self = getContext().getSelf();
        ActorRef<Link.Command> actor = getContext()
                .spawn(
                        node.actors()
                                .decorate(
                                        ActorKind.LINK,
                                        Link.create(
                                                node,
                                                new LinkSpec(
                                                        spec.version(),
                                                        direct,
                                                        spec.id(),
                                                        e.number(),
                                                        e.incarnation(),
                                                        context,
                                                        e.port().port(),
                                                        routes,
                                                        spec.role() == GroupRole.CLIENT
                                                                ? Optional.ofNullable(peer)
                                                                : Optional.empty(),
                                                        node.settings()
                                                                .llc()
                                                                .testLinkInterval()
                                                                .orElse(Duration.ZERO),
                                                        node.settings()
                                                                .linkGroup()
                                                                .terminationDeadline()),
                                                report -> self.tell(new FromLink(report)))),
                        "link-" + e.number() + "-" + e.incarnation(),
                        DispatcherSelector.sameAsParent());
        getContext().watch(actor);
        LinkSlot slot = new LinkSlot(e.number(), e.incarnation(), e.port(), context, actor);
        slot.peer = spec.role() == GroupRole.CLIENT ? peer : null;
        slots.put(e.number(), slot);
    }

    private void move(int from, int to) {
        LinkSlot old = slots.get(from);
        LinkSlot target = slots.get(to);
        if (old == null || target == null || old.link == null || target.link == null) {
            return;
        }
        old.context.queue().tell(new MoveEndpoints(old.link, target.link, endpointsMoved));
        for (SmcrMember member : members.values()) {
            if (member.link == from) {
                member.link = to;
                ActorRef<Connection.Command> actor = connection(member.id);
                if (actor != null && member.open) {
                    actor.tell(new Connection.FailedOver());
                }
            }
        }
    }

    // ---- rkeys and buffers ----

    private void onRkeyConfirmed(GroupEffect.RkeyConfirmed e) {
        SmcrMember member = members.get(e.connection());
        if (member == null) {
            return;
        }
        if (e.confirmed()) {
            member.rkeyConfirmed = true;
            offerIfReady(member, false);
        } else {
            fail(e.connection(), DiagnosisCode.ERR_REGBUF, "the peer did not confirm the RMB's rkey");
        }
    }

    private void onRkeyDeleted(GroupEffect.RkeyDeleted e) {
        RmbBuffer buffer = leaving.remove(e.buffer());
        if (buffer != null && e.safe()) {
            pool.giveBack(buffer);
        } else if (buffer != null) {
            pool.quarantine(buffer);
        }
    }

    @Override
    boolean detachInItsPlace(long connection) {
        SmcrMember member = members.get(connection);
        if (member == null || member.endpoint == null || member.owner == null) {
            return false;
        }
        member.owner.tell(new DetachEndpoint(member.endpoint, endpointDetached));
        return true;
    }

    private void onDetached(Reply.EndpointDetached reply) {
        for (SmcrMember member : List.copyOf(members.values())) {
            if (member.endpoint == reply.endpoint()) {
                onEndpointDetached(member.id, reply.quiet());
            }
        }
    }

    @Override
    void releaseBuffers(long connection, boolean quiet) {
        SmcrMember member = members.remove(connection);
        if (member == null) {
            return;
        }
        if (member.peer != null) {
            rtokens.release(member.peer);
        }
        RmbBuffer buffer = member.buffer;
        if (buffer == null) {
            return;
        }
        if (!quiet) {
            pool.quarantine(buffer);
        } else if (state.phase() == GroupPhase.LISTED) {
            leaving.put(buffer.id(), buffer);
            feed(new GroupEvent.DeleteRkeyWanted(buffer.id()));
        } // else it stays with the pool, which the end of the group frees
    }

    @Override
    void buryEndpoints() {
        for (SmcrMember member : members.values()) {
            if (member.endpoint != null && member.owner != null) {
                node.reaper().tell(new Reaper.BurySmcr(spec.id(), member.owner, member.endpoint));
            }
        }
    }

    @Override
    CompletionStage<?> freeEverything(boolean quarantine) {
        return pool.close(quarantine);
    }

    // ---- what LLC messages need to know ----

    /** Members whose peers' RMBs these are. */
    List<SmcrMember> members(List<PeerRmbe> peers) {
        return members.values().stream()
                .filter(member -> member.peer != null && peers.contains(member.peer))
                .toList();
    }

    boolean isMember(SmcrMember member) {
        return members.get(member.id) == member;
    }

    /** The peer gave up the RMB that the connection is to write to, and with it its end of the connection. */
    void peerWithdrew(SmcrMember member) {
        String why = "the peer has withdrawn its receive buffer: its end of the connection is gone";
        ActorRef<Connection.Command> actor = connection(member.id);
        if (waiting(member.id)) {
            fail(member.id, DiagnosisCode.ERR_RTOK, why);
        } else if (actor != null) {
            actor.tell(new Connection.Kill(AbortCause.PEER_GONE, why));
        }
    }

    void later(Duration after, Runnable check) {
        timers.startSingleTimer(new Object(), new Back(check), after);
    }

    @Nullable
    LinkSlot slot(int number) {
        return slots.get(number);
    }

    private @Nullable OwnedLink ownedLink(int number) {
        LinkSlot slot = slots.get(number);
        return slot == null ? null : slot.link;
    }

    RtokenTable rtokens() {
        return rtokens;
    }

    void peerAddress(int number, LinkAddress address) {
        peerAddresses.put(number, address);
        LinkSlot slot = slots.get(number);
        if (slot != null) {
            slot.peer = address;
        }
    }

    /** Whether there is no gateway between the ports. */
    boolean direct() {
        return direct;
    }

    OwnRkeys ownRkeys() {
        return ownRkeys;
    }

    List<LinkSlot> activeLinksBut(LinkSlot one) {
        List<LinkSlot> others = new ArrayList<>();
        for (LinkEntry entry : state.links().values()) {
            LinkSlot other = slots.get(entry.number());
            if (entry.stage() == LinkStage.ACTIVE && other != null && other != one) {
                others.add(other);
            }
        }
        return others;
    }

    void tellLink(LinkSlot slot, LlcMessage message) {
        slot.llcInFlight++;
        slot.actor.tell(new Link.Send(message, llcSent));
    }

    private void onLlcSent(Reply.LlcSent reply) {
        for (LinkSlot slot : slots.values()) {
            if (slot.link == reply.link()) {
                slot.llcInFlight--;
            }
        }
        notifiedIfAllSent();
    }

    /** DELETE LINK (all) is the last message a group sends: when none is in flight any more, it has left. */
    private void notifiedIfAllSent() {
        if (state.phase() == GroupPhase.NOTIFYING_PEER
                && slots.values().stream().allMatch(slot -> slot.llcInFlight == 0)) {
            feed(new GroupEvent.PeerNotified());
        }
    }

    // ---- what others are told ----

    /** By what the registry may match this group now. */
    private void announce() {
        Set<GroupNotice.PeerPort> ports = new HashSet<>();
        Set<Integer> qpNumbers = new HashSet<>();
        for (LinkEntry entry : state.links().values()) {
            LinkSlot slot = slots.get(entry.number());
            if (entry.stage() == LinkStage.ACTIVE && slot != null && slot.peer != null) {
                ports.add(new GroupNotice.PeerPort(slot.peer.gid(), slot.peer.mac()));
                qpNumbers.add(slot.peer.qpNumber());
            }
        }
        spec.registry().accept(new GroupNotice.Reachable(getContext().getSelf(), peerId, ports, qpNumbers));
    }

    @Override
    LinkGroupInfo describe() {
        return SmcrGroupDescription.of(id(), spec.role(), state, slots, node);
    }

    private void onSlot(int number, Consumer<LinkSlot> action) {
        LinkSlot slot = slots.get(number);
        if (slot != null) {
            action.accept(slot);
        }
    }

    private static LinkAddress address(io.smc4j.protocol.clc.SmcrEndpoint end) {
        return new LinkAddress(end.gid(), end.mac(), end.qpNumber(), end.psn(), end.mtu());
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("a link's address is not known yet: a bug in the order of a flow's steps");
        }
        return value;
    }
}
