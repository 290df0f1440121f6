package io.smc4j.cli.dissect;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/** Packets made by hand, layer by layer. */
final class Packets {
    static final int SYN = 0x02;
    static final int ACK = 0x10;
    static final byte[] SMC_OPTION = HexFormat.of().parseHex("0101fe06e2d4c3d9");
    private static final byte[] NONE = new byte[0];

    private Packets() {}

    static byte[] join(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    static byte[] ethernet(byte[] ip) {
        return join(hex("525400000102525400000101"), ip[0] >>> 4 == 4 ? hex("0800") : hex("86dd"), ip);
    }

    /** @param last the last number of both addresses, sender's first: 10.99.0.x */
    static byte[] ipv4(int from, int to, int protocol, byte[] payload) {
        return ByteBuffer.allocate(20 + payload.length)
                .put((byte) 0x45)
                .put((byte) 0)
                .putShort((short) (20 + payload.length))
                .putShort((short) 1)
                .putShort((short) 0x4000)
                .put((byte) 64)
                .put((byte) protocol)
                .putShort((short) 0)
                .putInt(0x0A630000 | from)
                .putInt(0x0A630000 | to)
                .put(payload)
                .array();
    }

    /** @param extensions whole extension headers, each naming the next; the first one's number is {@code next} */
    static byte[] ipv6(int from, int to, int next, byte[] extensions, byte[] payload) {
        return ByteBuffer.allocate(40 + extensions.length + payload.length)
                .putInt(0x60000000)
                .putShort((short) (extensions.length + payload.length))
                .put((byte) next)
                .put((byte) 64)
                .putLong(0x20010DB800000000L)
                .putLong(from)
                .putLong(0x20010DB800000000L)
                .putLong(to)
                .put(extensions)
                .put(payload)
                .array();
    }

    static byte[] tcp(int fromPort, int toPort, int sequence, int flags, byte[] options, byte[] payload) {
        return ByteBuffer.allocate(20 + options.length + payload.length)
                .putShort((short) fromPort)
                .putShort((short) toPort)
                .putInt(sequence)
                .putInt(0)
                .put((byte) ((20 + options.length) / 4 << 4))
                .put((byte) flags)
                .putShort((short) 1000)
                .putInt(0)
                .put(options)
                .put(payload)
                .array();
    }

    /** A TCP segment from client 10.99.0.1:4000 to server 10.99.0.2:5000 over Ethernet. */
    static byte[] toServer(int sequence, byte[] payload) {
        return ethernet(ipv4(1, 2, 6, tcp(4000, 5000, sequence, ACK, NONE, payload)));
    }

    static byte[] toClient(int sequence, byte[] payload) {
        return ethernet(ipv4(2, 1, 6, tcp(5000, 4000, sequence, ACK, NONE, payload)));
    }

    static byte[] syn(int sequence, byte[] options) {
        return ethernet(ipv4(1, 2, 6, tcp(4000, 5000, sequence, SYN, options, NONE)));
    }

    static byte[] synAck(int sequence, byte[] options) {
        return ethernet(ipv4(2, 1, 6, tcp(5000, 4000, sequence, SYN | ACK, options, NONE)));
    }

    /** The InfiniBand part of a RoCE packet, from the base header to the checksum, which is left zero. */
    static byte[] infiniband(int opcode, int queuePair, int psn, byte[] extension, byte[] payload) {
        int padding = -payload.length & 3;
        return ByteBuffer.allocate(12 + extension.length + payload.length + padding + 4)
                .put((byte) opcode)
                .put((byte) (padding << 4))
                .putShort((short) 0xFFFF)
                .putInt(queuePair)
                .putInt(psn)
                .put(extension)
                .put(payload)
                .array();
    }

    static byte[] udp(byte[] payload) {
        return ByteBuffer.allocate(8 + payload.length)
                .putShort((short) 50_000)
                .putShort((short) 4791)
                .putShort((short) (8 + payload.length))
                .putShort((short) 0)
                .put(payload)
                .array();
    }

    /** A RoCE v2 packet from 10.99.0.1 to queue pair 0x11 of 10.99.0.2 over Ethernet. */
    static byte[] roce(int opcode, int psn, byte[] payload) {
        return roce(opcode, psn, NONE, payload);
    }

    static byte[] roce(int opcode, int psn, byte[] extension, byte[] payload) {
        return ethernet(ipv4(1, 2, 17, udp(infiniband(opcode, 0x11, psn, extension, payload))));
    }

    /** Remote address, key and length of an RDMA operation. */
    static byte[] reth(long address, int rkey, int length) {
        return ByteBuffer.allocate(16)
                .putLong(address)
                .putInt(rkey)
                .putInt(length)
                .array();
    }
}
