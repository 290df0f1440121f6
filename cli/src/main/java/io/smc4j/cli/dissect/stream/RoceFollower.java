package io.smc4j.cli.dissect.stream;

import io.smc4j.cli.dissect.capture.Frame;
import io.smc4j.cli.dissect.message.Body;
import io.smc4j.cli.dissect.message.Decoder;
import io.smc4j.cli.dissect.message.Layer;
import io.smc4j.cli.dissect.message.Message;
import io.smc4j.cli.dissect.message.Place;
import io.smc4j.cli.dissect.packet.Opcode;
import io.smc4j.cli.dissect.packet.RocePacket;
import io.smc4j.cli.dissect.packet.RocePacket.Reth;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.llc.LlcCodec;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;

/** Puts the packets of queue pairs together: sends become LLC and CDC messages, writes know their addresses. */
final class RoceFollower {
    private static final int MOST_FLOWS = 50_000;
    private static final int PSN_BITS = 24;

    /** One direction of a queue pair. */
    private record Key(Gid source, Gid destination, int queuePair) {}

    private static final class Flow {
        int nextPsn = -1;
        boolean sending;
        byte[] sent = new byte[0];
        int sendPsn;
        boolean writing;
        long writeAddress;
        int writeRkey;
        int writePsn;
        boolean knownToBeSmc;
    }

    private record Target(Gid port, int queuePair) {}

    private final Map<Target, Boolean> fresh = new Recent<>(MOST_FLOWS);
    private final Map<Key, Flow> flows = new Recent<>(MOST_FLOWS);
    private final Clock clock;
    private final Sink sink;

    RoceFollower(Clock clock, Sink sink) {
        this.clock = clock;
        this.sink = sink;
    }

    void accept(Frame frame, RocePacket packet) {
        Key key = new Key(packet.source(), packet.destination(), packet.queuePair());
        Flow flow = flows.computeIfAbsent(key, _ -> new Flow());
        if (fresh.remove(new Target(packet.destination(), packet.queuePair())) != null) {
            flow = new Flow();
            flows.put(key, flow);
        }
        boolean again = false;
        if (!packet.opcode().isResponse()) {
            again = flow.nextPsn >= 0 && ahead(flow.nextPsn, packet.psn()) < 0;
            flow.nextPsn = again ? flow.nextPsn : following(packet.psn());
        }
        Place place = clock.of(frame, packet, again);
        if (packet.opcode().isSend()) {
            send(flow, packet, place);
        } else if (packet.opcode().isWrite()) {
            write(flow, packet, place);
        } else {
            rdma(packet, place, 0, 0, false);
        }
    }

    /** A queue pair of this number begins anew: what is known of an earlier one says nothing about it. */
    void begin(Gid port, int queuePair) {
        fresh.put(new Target(port, queuePair), true);
    }

    private void send(Flow flow, RocePacket packet, Place place) {
        Opcode opcode = packet.opcode();
        if (packet.missing() > 0) {
            flow.sending = false;
            sink.skipped(
                    place.frame(),
                    opcode + " on queue pair 0x" + Integer.toHexString(packet.queuePair()) + ": the capture lacks "
                            + packet.missing() + " bytes of it");
            return;
        }
        if (opcode.begins()) {
            flow.sending = true;
            flow.sent = bytesOf(packet.payload());
        } else if (!flow.sending || packet.psn() != flow.sendPsn) {
            piece(flow, packet, place);
            return;
        } else {
            int held = flow.sent.length;
            if (held + packet.payload().limit() > LlcCodec.MAX_LENGTH) {
                flow.sending = false;
                rdma(packet, place, 0, 0, false);
                return;
            }
            flow.sent = Arrays.copyOf(flow.sent, held + packet.payload().limit());
            packet.payload().get(0, flow.sent, held, packet.payload().limit());
        }
        flow.sendPsn = following(packet.psn());
        if (!opcode.ends()) {
            rdma(packet, place, 0, 0, false);
            return;
        }
        flow.sending = false;
        byte[] message = flow.sent;
        flow.sent = new byte[0];
        if (flow.knownToBeSmc || Decoder.looksLikeSmc(message)) {
            flow.knownToBeSmc = true;
            sink.message(Decoder.sent(place, message));
        } else {
            rdma(packet, place, 0, 0, false);
        }
    }

    /** A later piece of a send that does not continue what there is: sent again, or after a gap in the capture. */
    private void piece(Flow flow, RocePacket packet, Place place) {
        rdma(packet, place, 0, 0, false);
        if (!place.retransmission()) {
            flow.sending = false;
            sink.skipped(
                    place.frame(),
                    packet.opcode() + " on queue pair 0x" + Integer.toHexString(packet.queuePair())
                            + ": the pieces before it are not in the capture");
        }
    }

    private void write(Flow flow, RocePacket packet, Place place) {
        Reth reth = packet.reth();
        int length = packet.payload().limit() + packet.missing();
        if (reth != null) {
            flow.writing = true;
            flow.writeAddress = reth.address();
            flow.writeRkey = reth.rkey();
            flow.writePsn = packet.psn();
        }
        boolean known = flow.writing && packet.psn() == flow.writePsn;
        rdma(packet, place, flow.writeAddress, flow.writeRkey, known);
        if (known) {
            flow.writeAddress += length;
            flow.writePsn = following(packet.psn());
            flow.writing = !packet.opcode().ends();
        }
    }

    private void rdma(RocePacket packet, Place place, long address, int rkey, boolean known) {
        int length = packet.payload().limit() + packet.missing();
        Reth reth = packet.reth();
        Body body = new Body.Rdma(packet, length, known ? address : 0, known ? rkey : 0, known);
        sink.message(new Message(
                place, Layer.RDMA, packet.opcode().name(), reth != null ? reth.length() : length, body, new byte[0]));
    }

    private static int following(int psn) {
        return psn + 1 & (1 << PSN_BITS) - 1;
    }

    /** How far a number lies ahead of another, round the circle; negative if it lies behind. */
    private static int ahead(int from, int to) {
        return (to - from) << (32 - PSN_BITS) >> (32 - PSN_BITS);
    }

    private static byte[] bytesOf(ByteBuffer payload) {
        byte[] bytes = new byte[payload.limit()];
        payload.get(0, bytes);
        return bytes;
    }
}
