package io.smc4j.actors.group;

import io.smc4j.protocol.llc.AddLinkRkey;
import io.smc4j.protocol.llc.LinkRtoken;
import io.smc4j.protocol.llc.LlcAddLink;
import io.smc4j.protocol.llc.LlcConfirmRkey;
import io.smc4j.protocol.llc.LlcDeleteRkey;
import io.smc4j.rdma.MemoryRegion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What LLC messages say of our RMBs: the keys of those in use, or on the way out, on each link. Confined to the group's turn. */
final class OwnRkeys {
    private final int version;
    private final Map<Long, SmcrMember> members;
    private final Map<Long, RmbBuffer> leaving;

    /**
     * @param version of LLC messages, 1 or 2
     * @param members of the group, by connection; the group's own map
     * @param leaving buffers of connections that left, until the peer has forgotten their keys; the group's own map
     */
    OwnRkeys(int version, Map<Long, SmcrMember> members, Map<Long, RmbBuffer> leaving) {
        this.version = version;
        this.members = members;
        this.leaving = leaving;
    }

    /** Keys of all RMBs in use, on the link that carries the message and on a new one. One snapshot per link. */
    List<AddLinkRkey> onNewLink(LinkSlot carrying, LinkSlot added) {
        List<AddLinkRkey> rkeys = new ArrayList<>();
        for (SmcrMember member : members.values()) {
            RmbBuffer buffer = member.buffer;
            if (buffer != null && rkeys.size() < LlcAddLink.MAX_RKEYS) {
                MemoryRegion fresh = region(buffer, added);
                rkeys.add(new AddLinkRkey(region(buffer, carrying).remoteKey(), fresh.remoteKey(), fresh.address()));
            }
        }
        return rkeys;
    }

    /** The connection whose RMB has that rkey on that link. */
    OptionalLong connectionOf(LinkSlot on, int rkey) {
        for (SmcrMember member : members.values()) {
            if (member.buffer != null && region(member.buffer, on).remoteKey() == rkey) {
                return OptionalLong.of(member.id);
            }
        }
        return OptionalLong.empty();
    }

    /** Announces the RMB of a connection; null if it has left. @param others active links but the one that carries the message */
    @Nullable
    LlcConfirmRkey confirm(LinkSlot on, long connection, List<LinkSlot> others) {
        SmcrMember member = members.get(connection);
        RmbBuffer buffer = member == null ? null : member.buffer;
        if (buffer == null) {
            return null;
        }
        List<LinkRtoken> tokens = new ArrayList<>();
        for (LinkSlot other : others) {
            MemoryRegion region = region(buffer, other);
            tokens.add(new LinkRtoken(other.number, region.remoteKey(), region.address()));
        }
        MemoryRegion region = region(buffer, on);
        return LlcConfirmRkey.request(version, region.remoteKey(), region.address(), tokens);
    }

    /** Withdraws a buffer; null if it is not on the way out (any more). */
    @Nullable
    LlcDeleteRkey delete(LinkSlot on, long buffer) {
        RmbBuffer rmb = leaving.get(buffer);
        return rmb == null
                ? null
                : LlcDeleteRkey.request(version, List.of(region(rmb, on).remoteKey()));
    }

    private static MemoryRegion region(RmbBuffer buffer, LinkSlot link) {
        return buffer.region(link.context.device().protectionDomain());
    }
}
