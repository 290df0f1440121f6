package io.smc4j.cli.dissect.packet;

import io.smc4j.cli.dissect.capture.Frame;
import io.smc4j.cli.dissect.capture.LinkTypes;
import io.smc4j.protocol.Gid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Finds TCP and RoCE in a frame: Ethernet with VLAN tags, Linux cooked captures, loopback and raw IP; IPv4 and IPv6 with extension
 * headers. Stateless.
 */
public final class PacketParser {
    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int ETHERTYPE_IPV6 = 0x86DD;
    private static final int ETHERTYPE_ROCE_V1 = 0x8915;
    private static final int ETHERTYPE_VLAN = 0x8100;
    private static final int ETHERTYPE_SERVICE_VLAN = 0x88A8;
    private static final int ETHERTYPE_OLD_VLAN = 0x9100;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ROCE_PORT = 4791;
    private static final int GRH_NEXT_BTH = 0x1B;

    private PacketParser() {}

    /** What the frame carries; never an exception, whatever its bytes are. */
    public static Packet parse(Frame frame) {
        ByteBuffer bytes = frame.bytes();
        Packet packet = switch (frame.linkType()) {
            case LinkTypes.ETHERNET -> ethernet(bytes, 12);
            case LinkTypes.LINUX_SLL -> ethernet(bytes, 14);
            case LinkTypes.LINUX_SLL2 -> bytes.limit() < 20 ? tooShort(0) : network(bytes, u16(bytes, 0), 20);
            case LinkTypes.NULL, LinkTypes.LOOP -> ip(bytes, 4);
            case LinkTypes.RAW, LinkTypes.RAW_BSD, LinkTypes.RAW_OPENBSD, LinkTypes.IPV4, LinkTypes.IPV6 ->
                ip(bytes, 0);
            default -> new Packet.Damaged("link type " + frame.linkType() + " is not understood");
        };
        if (packet instanceof Packet.Damaged damaged && frame.cutOff()) {
            return new Packet.Damaged(damaged.reason() + "; the capture kept " + bytes.limit() + " of its "
                    + frame.originalLength() + " bytes");
        }
        return packet;
    }

    /** @param typeAt where the EtherType is, with VLAN tags behind it */
    private static Packet ethernet(ByteBuffer bytes, int typeAt) {
        int at = typeAt;
        while (at + 2 <= bytes.limit()) {
            int type = u16(bytes, at);
            if (type != ETHERTYPE_VLAN && type != ETHERTYPE_SERVICE_VLAN && type != ETHERTYPE_OLD_VLAN) {
                return network(bytes, type, at + 2);
            }
            at += 4;
        }
        return tooShort(at);
    }

    private static Packet network(ByteBuffer bytes, int type, int at) {
        return switch (type) {
            case ETHERTYPE_IPV4, ETHERTYPE_IPV6 -> ip(bytes, at);
            case ETHERTYPE_ROCE_V1 -> roceV1(bytes, at);
            case ETHERTYPE_VLAN, ETHERTYPE_SERVICE_VLAN, ETHERTYPE_OLD_VLAN -> ethernet(bytes, at - 2);
            default -> Packet.Other.INSTANCE;
        };
    }

    private static Packet ip(ByteBuffer bytes, int at) {
        if (at >= bytes.limit()) {
            return tooShort(at);
        }
        return switch (bytes.get(at) >>> 4 & 0xF) {
            case 4 -> ipv4(bytes, at);
            case 6 -> ipv6(bytes, at);
            default -> Packet.Other.INSTANCE;
        };
    }

    private static Packet ipv4(ByteBuffer bytes, int at) {
        if (at + 20 > bytes.limit()) {
            return tooShort(at);
        }
        int header = 4 * (bytes.get(at) & 0xF);
        int protocol = bytes.get(at + 9) & 0xFF;
        if (protocol != TCP && protocol != UDP) {
            return Packet.Other.INSTANCE;
        }
        // Senders that leave segmentation to the network card are captured with length 0.
        int total = u16(bytes, at + 2) == 0 ? bytes.limit() - at : u16(bytes, at + 2);
        int fragment = u16(bytes, at + 6) & 0x3FFF;
        if (header < 20 || total < header) {
            return new Packet.Damaged("an IPv4 header of " + header + " bytes in a packet of " + total);
        }
        if (fragment != 0) {
            return fragment(bytes, protocol, fragment & 0x1FFF, at + header);
        }
        Gid source = Gid.ofIpv4Mapped(bytes.getInt(at + 12));
        Gid destination = Gid.ofIpv4Mapped(bytes.getInt(at + 16));
        return transport(bytes, protocol, source, destination, at, at + header, at + total);
    }

    private static Packet ipv6(ByteBuffer bytes, int at) {
        if (at + 40 > bytes.limit()) {
            return tooShort(at);
        }
        Gid source = gid(bytes, at + 8);
        Gid destination = gid(bytes, at + 24);
        int length = u16(bytes, at + 4);
        int end = length == 0 ? bytes.limit() : at + 40 + length;
        int protocol = bytes.get(at + 6) & 0xFF;
        int next = at + 40;
        // Hop-by-hop options, routing, destination options, fragment: no more than a handful in any real packet.
        for (int i = 0; i < 8; i++) {
            switch (protocol) {
                case TCP, UDP -> {
                    return transport(bytes, protocol, source, destination, at, next, end);
                }
                case 0, 43, 60 -> {
                    if (next + 2 > bytes.limit()) {
                        return tooShort(next);
                    }
                    protocol = bytes.get(next) & 0xFF;
                    next += 8 + 8 * (bytes.get(next + 1) & 0xFF);
                }
                case 44 -> {
                    if (next + 8 > bytes.limit()) {
                        return tooShort(next);
                    }
                    int fragment = u16(bytes, next + 2) & 0xFFF9;
                    protocol = bytes.get(next) & 0xFF;
                    next += 8;
                    if (fragment != 0) {
                        return fragment(bytes, protocol, fragment >>> 3, next);
                    }
                }
                default -> {
                    return Packet.Other.INSTANCE;
                }
            }
        }
        return Packet.Other.INSTANCE;
    }

    private static Packet transport(
            ByteBuffer bytes, int protocol, Gid source, Gid destination, int ipAt, int at, int end) {
        if (protocol == TCP) {
            return tcp(bytes, source, destination, at, end);
        }
        if (at + 8 > bytes.limit()) {
            return tooShort(at);
        }
        if (u16(bytes, at + 2) != ROCE_PORT) {
            return Packet.Other.INSTANCE;
        }
        int length = u16(bytes, at + 4);
        if (length < 8 || at + length > end) {
            return new Packet.Damaged("a UDP length of " + length + " in " + (end - at) + " bytes");
        }
        RoceParser.Envelope envelope = new RoceParser.Envelope(source, destination, ipAt, at);
        return RoceParser.parse(bytes, envelope, at + 8, at + length);
    }

    private static Packet tcp(ByteBuffer bytes, Gid source, Gid destination, int at, int end) {
        if (at + 20 > bytes.limit() || at + 20 > end) {
            return tooShort(at);
        }
        int header = 4 * (bytes.get(at + 12) >>> 4 & 0xF);
        if (header < 20 || at + header > end) {
            return new Packet.Damaged("a TCP header of " + header + " bytes in " + (end - at));
        }
        if (at + header > bytes.limit()) {
            return tooShort(at);
        }
        int captured = Math.min(end, bytes.limit());
        return new TcpSegment(
                source,
                u16(bytes, at),
                destination,
                u16(bytes, at + 2),
                bytes.getInt(at + 4),
                bytes.get(at + 13) & 0xFF,
                bytes.slice(at + 20, header - 20),
                bytes.slice(at + header, captured - at - header),
                end - captured);
    }

    private static Packet roceV1(ByteBuffer bytes, int at) {
        if (at + 40 > bytes.limit()) {
            return tooShort(at);
        }
        if ((bytes.get(at + 6) & 0xFF) != GRH_NEXT_BTH) {
            return Packet.Other.INSTANCE;
        }
        RoceParser.Envelope envelope = new RoceParser.Envelope(gid(bytes, at + 8), gid(bytes, at + 24), at, -1);
        return RoceParser.parse(bytes, envelope, at + 40, at + 40 + u16(bytes, at + 4));
    }

    /** Only the first fragment tells the port; those of other traffic are nobody's loss. */
    private static Packet fragment(ByteBuffer bytes, int protocol, int offset, int at) {
        boolean ours = offset == 0
                && (protocol == TCP || (protocol == UDP && at + 4 <= bytes.limit() && u16(bytes, at + 2) == ROCE_PORT));
        return ours ? new Packet.Damaged("an IP fragment; fragments are not put together") : Packet.Other.INSTANCE;
    }

    static Packet.Damaged tooShort(int at) {
        return new Packet.Damaged("it ends inside the header at byte " + at);
    }

    static int u16(ByteBuffer bytes, int at) {
        return bytes.order(ByteOrder.BIG_ENDIAN).getShort(at) & 0xFFFF;
    }

    private static Gid gid(ByteBuffer bytes, int at) {
        return new Gid(bytes.getLong(at), bytes.getLong(at + 8));
    }
}
