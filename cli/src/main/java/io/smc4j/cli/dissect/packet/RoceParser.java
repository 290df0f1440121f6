package io.smc4j.cli.dissect.packet;

import io.smc4j.cli.dissect.packet.RocePacket.Aeth;
import io.smc4j.cli.dissect.packet.RocePacket.Icrc;
import io.smc4j.cli.dissect.packet.RocePacket.Reth;
import io.smc4j.protocol.Gid;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * The InfiniBand headers of a RoCE packet.
 *
 * <pre>
 *  0  opcode (1): transport (3 bits), operation (5 bits)
 *  1  solicited (1 bit), migration (1), padding (2), version (4)
 *  2  partition key (2)
 *  4  reserved (1)
 *  5  destination queue pair (3)
 *  8  acknowledge (1 bit), reserved (7)
 *  9  packet sequence number (3)
 * 12  RETH: address (8), rkey (4), length (4); or AETH: syndrome (1), message sequence number (3); or neither
 *     payload, padding, invariant checksum (4, little-endian)
 * </pre>
 */
final class RoceParser {
    private static final int BTH = 12;
    private static final int ICRC = 4;
    private static final int RELIABLE_CONNECTION = 0;

    private RoceParser() {}

    /** What lies around: addresses, and where IP and (RoCE v2 only, otherwise -1) UDP begin. */
    record Envelope(Gid source, Gid destination, int ipAt, int udpAt) {}

    static Packet parse(ByteBuffer bytes, Envelope envelope, int at, int end) {
        if (at + BTH > bytes.limit()) {
            return PacketParser.tooShort(at);
        }
        int code = bytes.get(at) & 0xFF;
        if (code >>> 5 != RELIABLE_CONNECTION) {
            return Packet.Other.INSTANCE; // connection management and the like; SMC uses reliable connections
        }
        Opcode opcode = Opcode.of(code);
        int padding = bytes.get(at + 1) >>> 4 & 3;
        int payloadAt = at + BTH + opcode.extensionLength();
        int payloadEnd = end - ICRC - padding;
        if (payloadEnd < payloadAt) {
            return new Packet.Damaged(opcode + " of " + (end - at) + " bytes, shorter than its headers");
        }
        if (payloadAt > bytes.limit()) {
            return PacketParser.tooShort(at);
        }
        int captured = Math.min(payloadEnd, bytes.limit());
        int extension = at + BTH;
        return new RocePacket(
                envelope.source(),
                envelope.destination(),
                opcode,
                (bytes.get(at + 1) & 0x80) != 0,
                bytes.getInt(at + 4) & 0xFFFFFF,
                bytes.getInt(at + 8) & 0xFFFFFF,
                opcode.hasReth()
                        ? new Reth(
                                bytes.getLong(extension),
                                bytes.getInt(extension + 8),
                                Integer.toUnsignedLong(bytes.getInt(extension + 12)))
                        : null,
                opcode.hasAeth() ? new Aeth(bytes.get(extension) & 0xFF, bytes.getInt(extension) & 0xFFFFFF) : null,
                bytes.slice(payloadAt, captured - payloadAt),
                payloadEnd - captured,
                envelope.udpAt() < 0 || end > bytes.limit() ? Icrc.UNKNOWN : check(bytes, envelope, at, end));
    }

    /**
     * The checksum covers what no router changes: variable fields count as ones, before the packet come eight bytes of ones.
     */
    private static Icrc check(ByteBuffer bytes, Envelope envelope, int bthAt, int end) {
        int headerLength = bthAt + BTH - envelope.ipAt();
        byte[] covered = new byte[8 + headerLength];
        Arrays.fill(covered, 0, 8, (byte) 0xFF);
        bytes.get(envelope.ipAt(), covered, 8, headerLength);
        boolean ipv4 = bytes.get(envelope.ipAt()) >>> 4 == 4;
        int ip = 8;
        if (ipv4) {
            ones(covered, ip + 1, 1);
            ones(covered, ip + 8, 1);
            ones(covered, ip + 10, 2);
        } else {
            covered[ip] |= 0x0F;
            ones(covered, ip + 1, 3);
            ones(covered, ip + 7, 1);
        }
        ones(covered, 8 + envelope.udpAt() - envelope.ipAt() + 6, 2);
        ones(covered, 8 + bthAt - envelope.ipAt() + 4, 1);
        CRC32 crc = new CRC32();
        crc.update(covered);
        crc.update(bytes.slice(bthAt + BTH, end - ICRC - bthAt - BTH));
        return Integer.reverseBytes(bytes.getInt(end - ICRC)) == (int) crc.getValue() ? Icrc.GOOD : Icrc.WRONG;
    }

    private static void ones(byte[] bytes, int at, int length) {
        Arrays.fill(bytes, at, at + length, (byte) 0xFF);
    }
}
