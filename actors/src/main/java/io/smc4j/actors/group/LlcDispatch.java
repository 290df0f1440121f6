package io.smc4j.actors.group;

import io.smc4j.actors.datapath.PeerRmbe;
import io.smc4j.actors.link.LinkAddress;
import io.smc4j.actors.node.RdmaContext;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.MacAddress;
import io.smc4j.protocol.PathMtu;
import io.smc4j.protocol.lifecycle.group.Flow;
import io.smc4j.protocol.lifecycle.group.GroupEffect;
import io.smc4j.protocol.lifecycle.group.GroupEvent;
import io.smc4j.protocol.lifecycle.group.GroupRole;
import io.smc4j.protocol.lifecycle.group.LocalPort;
import io.smc4j.protocol.lifecycle.group.TerminationCause;
import io.smc4j.protocol.llc.AddLinkRkey;
import io.smc4j.protocol.llc.LinkRtoken;
import io.smc4j.protocol.llc.LlcAddLink;
import io.smc4j.protocol.llc.LlcAddLinkContinue;
import io.smc4j.protocol.llc.LlcConfirmLink;
import io.smc4j.protocol.llc.LlcConfirmRkey;
import io.smc4j.protocol.llc.LlcConfirmRkeyContinue;
import io.smc4j.protocol.llc.LlcDeleteLink;
import io.smc4j.protocol.llc.LlcDeleteRkey;
import io.smc4j.protocol.llc.LlcMessage;
import io.smc4j.protocol.llc.LlcRequestAddLink;
import io.smc4j.protocol.llc.LlcTestLink;
import io.smc4j.rdma.PortInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Between LLC messages and the group's machine: what arrives becomes an event, what the machine sends becomes a message. */
final class LlcDispatch {
    private final SmcrLinkGroup group;
    private final Withdrawals withdrawals;
    private final LlcMessages messages;
    private final RkeyContinuation continuation;
    private final Map<Integer, LlcAddLink> requests = new HashMap<>();

    LlcDispatch(SmcrLinkGroup group) {
        this.group = group;
        withdrawals = new Withdrawals(group);
        messages = new LlcMessages(group.spec.version());
        continuation = new RkeyContinuation(group);
    }

    // ---- incoming ----

    /** @param message of the group's version: links drop others */
    void received(LinkSlot on, LlcMessage message) {
        switch (message) {
            case LlcConfirmLink m -> confirmLink(on, m);
            case LlcAddLink m -> addLink(on, m);
            case LlcDeleteLink m -> deleteLink(on, m);
            case LlcRequestAddLink m -> {
                if (!m.response()) {
                    group.feed(new GroupEvent.AddLinkInvited(on.number));
                }
            }
            case LlcConfirmRkey m -> confirmRkey(on, m);
            case LlcDeleteRkey m -> deleteRkey(on, m);
            case LlcTestLink m -> {} // the link answered it
            case LlcAddLinkContinue m -> {
                String wrong = continuation.received(on, m);
                if (wrong != null) {
                    violation(wrong);
                }
            }
            case LlcConfirmRkeyContinue m -> dropped(on, m);
        }
    }

    private void dropped(LinkSlot on, LlcMessage message) {
        group.log()
                .warn(
                        "link {} of link group {}: dropped {}: it is for groups of more than three links",
                        on.number,
                        group.id(),
                        message.type());
    }

    private void confirmLink(LinkSlot on, LlcConfirmLink m) {
        LinkAddress peer = on.peer;
        if (peer != null && (m.qpNumber() != peer.qpNumber() || !m.gid().equals(peer.gid()))) {
            violation("CONFIRM LINK on link " + on.number + " names queue pair " + m.qpNumber() + " at " + m.gid()
                    + ", but the handshake named " + peer.qpNumber() + " at " + peer.gid());
        } else if (m.linkNumber() != on.number) {
            violation("CONFIRM LINK on link " + on.number + " names link " + m.linkNumber());
        } else if (!m.acceptsNoEyecatchers()) {
            violation("the peer wants eyecatchers in RMBEs, which smc4j (as Linux) does not write");
        } else if (m.response()) {
            group.feed(new GroupEvent.ConfirmLinkResponse(on.number));
        } else {
            group.feed(new GroupEvent.ConfirmLinkRequest(on.number, m.linkNumber()));
        }
    }

    private void violation(String what) {
        group.log().warn("link group {}: {}", group.id(), what);
        group.feed(new GroupEvent.Terminate(TerminationCause.PROTOCOL_VIOLATION));
    }

    private void addLink(LinkSlot on, LlcAddLink m) {
        Optional<LinkAddress> peer = LlcMessages.peer(m);
        if (m.response()) {
            boolean rejected = m.rejected() || peer.isEmpty();
            if (!rejected && group.slot(m.linkNumber()) != null) {
                group.peerAddress(m.linkNumber(), peer.orElseThrow());
                learnRkeys(on, m);
            }
            group.feed(new GroupEvent.AddLinkResponse(on.number, m.linkNumber(), rejected, m.gid()));
            return;
        }
        if (group.spec.role() == GroupRole.SERVER) {
            group.feed(new GroupEvent.AddLinkInvited(
                    on.number)); // version 1's way to ask for a link; what it says is of no use
            return;
        }
        requests.put(m.linkNumber(), m);
        if (group.slot(m.linkNumber()) == null && peer.isPresent()) {
            group.peerAddress(m.linkNumber(), peer.get());
            learnRkeys(on, m);
        }
        group.feed(new GroupEvent.AddLinkRequest(on.number, m.linkNumber(), m.gid(), peer.isPresent()));
    }

    private void learnRkeys(LinkSlot on, LlcAddLink m) {
        for (AddLinkRkey key : m.extension().map(LlcAddLink.Extension::rkeys).orElse(List.of())) {
            group.rtokens()
                    .addOnNewLink(
                            on.number,
                            key.rkeyOnCarryingLink(),
                            m.linkNumber(),
                            key.rkeyOnNewLink(),
                            key.addressOnNewLink());
        }
    }

    private void deleteLink(LinkSlot on, LlcDeleteLink m) {
        if (m.all()) {
            group.feed(new GroupEvent.DeleteAllRequest(on.number));
        } else if (m.response()) {
            // Of another link: sent twice, or of a flow that is over.
            if (group.state.flow() instanceof Flow.DeleteLink f && f.number() == m.linkNumber()) {
                group.feed(new GroupEvent.DeleteLinkResponse(on.number));
            }
        } else {
            group.feed(new GroupEvent.DeleteLinkRequest(on.number, m.linkNumber()));
        }
    }

    private void confirmRkey(LinkSlot on, LlcConfirmRkey m) {
        if (m.response()) {
            group.ownRkeys()
                    .connectionOf(on, m.rkey())
                    .ifPresent(connection ->
                            group.feed(new GroupEvent.ConfirmRkeyResponse(on.number, connection, m.negative())));
            return;
        }
        Map<Integer, PeerRmbe.Rtoken> others = new HashMap<>();
        for (LinkRtoken token : m.additional()) {
            if (group.slot(token.linkNumber()) != null) { // unknown links are skipped
                others.put(token.linkNumber(), new PeerRmbe.Rtoken(token.rkey(), token.address()));
            }
        }
        boolean taken = m.announcedAdditional() <= LlcConfirmRkey.MAX_ADDITIONAL
                && group.rtokens().add(on.number, m.rkey(), m.address(), others);
        group.tellLink(on, m.answer(taken));
    }

    private void deleteRkey(LinkSlot on, LlcDeleteRkey m) {
        if (m.response()) {
            group.feed(new GroupEvent.DeleteRkeyResponse(on.number, m.negative()));
            return;
        }
        List<Integer> unknown = new ArrayList<>();
        List<PeerRmbe> users = new ArrayList<>();
        for (int i = 0; i < m.rkeys().size(); i++) {
            int rkey = m.rkeys().get(i);
            users.addAll(group.rtokens().users(on.number, rkey));
            if (!group.rtokens().remove(on.number, rkey)) {
                unknown.add(i);
            }
        }
        withdrawals.answer(on, m.answer(unknown), users);
    }

    // ---- outgoing ----

    void send(GroupEffect effect) {
        switch (effect) {
            case GroupEffect.SendConfirmLinkRequest e -> confirmLink(e.on(), false);
            case GroupEffect.SendConfirmLinkResponse e -> confirmLink(e.on(), true);
            case GroupEffect.SendAddLinkRequest e -> addLink(e.on(), e.number(), false);
            case GroupEffect.SendAddLinkResponse e -> addLink(e.on(), e.number(), true);
            case GroupEffect.SendAddLinkReject e -> {
                LlcAddLink request = requests.remove(e.number());
                tell(e.on(), request == null ? null : request.reject());
            }
            case GroupEffect.SendRequestAddLink e -> {
                LinkSlot on = group.slot(e.on());
                tell(e.on(), on == null || on.local == null ? null : wish(on.local));
            }
            case GroupEffect.SendAddLinkContinue e -> continuation.send(e.on(), e.number());
            case GroupEffect.SendDeleteLinkRequest e -> tell(e.on(), messages.deleteLink(e.number(), e.cause()));
            case GroupEffect.SendDeleteLinkResponse e -> tell(e.on(), messages.deleteLinkAnswer(e.number(), e.known()));
            case GroupEffect.SendDeleteAll e -> tell(e.on(), messages.deleteAll(e.cause()));
            case GroupEffect.SendConfirmRkey e -> {
                LinkSlot on = group.slot(e.on());
                tell(
                        e.on(),
                        on == null ? null : group.ownRkeys().confirm(on, e.connection(), group.activeLinksBut(on)));
            }
            case GroupEffect.SendDeleteRkey e -> {
                LinkSlot on = group.slot(e.on());
                tell(e.on(), on == null ? null : group.ownRkeys().delete(on, e.buffer()));
            }
            default -> throw new IllegalStateException("nobody carries out " + effect + ": a bug");
        }
    }

    /** A client's wish for another link names its ports: REQUEST ADD LINK all of them, version 1's ADD LINK the one to be used. */
    private LlcMessage wish(LinkAddress carrying) {
        Map<Gid, MacAddress> ports = new LinkedHashMap<>();
        ports.put(carrying.gid(), carrying.mac());
        for (LocalPort local : group.state.ports()) {
            PortInfo port = group.node.device(local).rdma().port(local.port());
            RdmaContext.gid(port, group.spec.version()).ifPresent(gid -> ports.putIfAbsent(gid, RdmaContext.mac(port)));
        }
        return messages.wish(ports);
    }

    private void confirmLink(int number, boolean response) {
        LinkSlot slot = group.slot(number);
        if (slot != null && slot.local != null) {
            group.tellLink(slot, messages.confirmLink(response, slot.local, number, group.spec.id(), group.state));
        }
    }

    private void addLink(int carrying, int number, boolean response) {
        LinkSlot on = group.slot(carrying);
        LinkSlot added = group.slot(number);
        if (on == null || added == null || added.local == null) {
            return;
        }
        requests.remove(number);
        continuation.anew();
        PathMtu mtu = added.local.mtu();
        if (added.peer != null && added.peer.mtu().compareTo(mtu) < 0) {
            mtu = added.peer.mtu();
        }
        group.tellLink(
                on,
                messages.addLink(
                        response,
                        added.local,
                        number,
                        mtu,
                        group.direct(),
                        group.ownRkeys().onNewLink(on, added)));
    }

    /** Without a link or a message there is nothing to send: the flow's deadline decides. */
    private void tell(int on, @Nullable LlcMessage message) {
        LinkSlot slot = group.slot(on);
        if (slot != null && message != null) {
            group.tellLink(slot, message);
        }
    }
}
