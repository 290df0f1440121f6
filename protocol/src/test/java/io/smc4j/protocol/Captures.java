package io.smc4j.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** The SMC messages in the captures of two Linux kernels: Ethernet, IPv4, one CLC message a segment, no retransmissions. */
final class Captures {
    static final List<String> NAMES = List.of(
            "a",
            "c",
            "d_down",
            "e1_smc_client_tcp_server",
            "e2_tcp_client_smc_server",
            "k612_echo_close",
            "k612_fallback_no_smc");

    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ROCE_PORT = 4791;
    private static final int SEND_ONLY = 4;

    /** What a frame holds: the TCP options of a SYN, or one message. */
    record Found(String capture, int frame, Kind kind, byte[] bytes) {
        ByteBuffer buffer() {
            return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
        }

        @Override
        public String toString() {
            return capture + " frame " + frame + " " + kind;
        }
    }

    enum Kind {
        SYN_OPTIONS,
        CLC,
        LLC,
        CDC
    }

    private Captures() {}

    static List<Found> all() {
        List<Found> found = new ArrayList<>();
        for (String name : NAMES) {
            read(name, found);
        }
        return found;
    }

    private static void read(String name, List<Found> found) {
        try (InputStream in =
                Objects.requireNonNull(Captures.class.getResourceAsStream("/captures/" + name + ".pcap"), name)) {
            ByteBuffer file = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
            int at = 24;
            for (int frame = 1; at < file.limit(); frame++) {
                int length = file.getInt(at + 8);
                packet(name, frame, Arrays.copyOfRange(file.array(), at + 16, at + 16 + length), found);
                at += 16 + length;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void packet(String name, int frame, byte[] bytes, List<Found> found) {
        ByteBuffer packet = ByteBuffer.wrap(bytes);
        if (packet.getShort(12) != 0x0800) {
            return;
        }
        int body = 14 + 4 * (packet.get(14) & 0xF);
        int end = 14 + packet.getShort(16);
        if (packet.get(23) == TCP) {
            int payload = body + 4 * (packet.get(body + 12) >>> 4 & 0xF);
            if ((packet.get(body + 13) & 2) != 0) {
                found.add(new Found(name, frame, Kind.SYN_OPTIONS, Arrays.copyOfRange(bytes, body + 20, payload)));
            }
            if (end - payload >= 8 && packet.getInt(payload) == 0xE2D4C3D9) {
                found.add(new Found(name, frame, Kind.CLC, Arrays.copyOfRange(bytes, payload, end)));
            }
        } else if (packet.get(23) == UDP
                && packet.getShort(body + 2) == ROCE_PORT
                && packet.get(body + 8) == SEND_ONLY) {
            int padding = packet.get(body + 9) >>> 4 & 3;
            byte[] message = Arrays.copyOfRange(bytes, body + 20, end - 4 - padding);
            found.add(new Found(name, frame, message[0] == (byte) 0xFE ? Kind.CDC : Kind.LLC, message));
        }
    }
}
