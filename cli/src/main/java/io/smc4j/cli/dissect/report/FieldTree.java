package io.smc4j.cli.dissect.report;

import io.smc4j.cli.dissect.message.Body;
import io.smc4j.cli.dissect.message.Message;
import io.smc4j.cli.dissect.packet.RocePacket;
import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.WireField;
import io.smc4j.protocol.cdc.CdcCodec;
import io.smc4j.protocol.cdc.Cursors;
import io.smc4j.protocol.clc.ClcCodec;
import io.smc4j.protocol.clc.ClcDecline;
import io.smc4j.protocol.llc.LlcCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Every field of a message with its offset, its length, its bytes and what they mean; and what the message is for. */
final class FieldTree {
    private static final int SHOWN_BYTES = 8;

    private FieldTree() {}

    static void append(Message message, StringBuilder out) {
        String purpose = Purpose.of(message.body());
        if (!purpose.isEmpty()) {
            out.append("          ").append(purpose).append('\n');
        }
        for (WireField field : fields(message)) {
            out.append("          ");
            Numbers.right(out, Integer.toString(field.offset()), 4).append('+').append(field.length());
            int column = out.length() + (field.length() < 10 ? 2 : 1);
            while (out.length() < column) {
                out.append(' ');
            }
            String bytes = bytes(message, field);
            out.append(bytes);
            for (int i = bytes.length(); i < 2 * SHOWN_BYTES + 3; i++) {
                out.append(' ');
            }
            out.append(field.name())
                    .append(": ")
                    .append(ClcDetails.printable(field.value()))
                    .append('\n');
        }
        if (message.body() instanceof Body.Broken) {
            out.append("          bytes: ")
                    .append(HexFormat.of().formatHex(message.bytes()))
                    .append('\n');
        }
        if (message.body() instanceof Body.Clc(ClcDecline decline)) {
            decline.knownDiagnosis()
                    .ifPresent(reason -> out.append("          what to do: ")
                            .append(reason.advice())
                            .append('\n'));
        }
    }

    /** The fields of a message, with their offsets in it; for an RDMA packet those of its headers. */
    static List<WireField> fields(Message message) {
        ByteBuffer bytes = ByteBuffer.wrap(message.bytes());
        try {
            return switch (message.body()) {
                case Body.Clc _ -> ClcCodec.describe(bytes);
                case Body.Llc _ -> LlcCodec.describe(bytes);
                case Body.Cdc _ -> CdcCodec.describe(bytes);
                case Body.Option _ -> option(message.bytes());
                case Body.ControlArea area -> controlArea(area);
                case Body.Rdma rdma -> rdma(rdma);
                case Body.Broken _ -> List.of();
            };
        } catch (ProtocolViolation e) {
            throw new IllegalStateException("a message that was decoded cannot be described", e);
        }
    }

    private static List<WireField> option(byte[] bytes) {
        List<WireField> fields = new ArrayList<>(List.of(
                new WireField(0, 1, "kind", "254, an experiment"),
                new WireField(1, 1, "length", Integer.toString(bytes.length)),
                new WireField(2, 4, "experiment", "SMCR in EBCDIC")));
        if (bytes.length > 6) {
            fields.add(
                    new WireField(6, bytes.length - 6, "ignored", HexFormat.of().formatHex(bytes, 6, bytes.length)));
        }
        return fields;
    }

    private static List<WireField> controlArea(Body.ControlArea area) {
        return List.of(
                new WireField(0, 1, "type", "0xfe"),
                new WireField(1, 7, "reserved", "ignored"),
                new WireField(8, 2, "producer cursor wrap", Integer.toString(Cursors.wrap(area.producer()))),
                new WireField(10, 4, "producer cursor count", Integer.toUnsignedString(Cursors.count(area.producer()))),
                new WireField(14, 2, "unused", "ignored"),
                new WireField(16, 2, "consumer cursor wrap", Integer.toString(Cursors.wrap(area.consumer()))),
                new WireField(18, 4, "consumer cursor count", Integer.toUnsignedString(Cursors.count(area.consumer()))),
                new WireField(22, 1, "producer flags", String.format("0x%02x", area.producerFlags())),
                new WireField(23, 1, "state flags", String.format("0x%02x", area.stateFlags())),
                new WireField(24, 8, "reserved", "ignored"));
    }

    private static List<WireField> rdma(Body.Rdma rdma) {
        RocePacket packet = rdma.packet();
        List<WireField> fields = new ArrayList<>(List.of(
                new WireField(0, 1, "opcode", packet.opcode().name()),
                new WireField(5, 3, "destination queue pair", "0x" + Integer.toHexString(packet.queuePair())),
                new WireField(9, 3, "packet sequence number", "0x" + Integer.toHexString(packet.psn()))));
        RocePacket.Reth reth = packet.reth();
        if (reth != null) {
            fields.add(new WireField(12, 8, "remote address", "0x" + Long.toHexString(reth.address())));
            fields.add(new WireField(20, 4, "remote key", "0x" + Integer.toHexString(reth.rkey())));
            fields.add(new WireField(24, 4, "length", Long.toString(reth.length())));
        }
        RocePacket.Aeth aeth = packet.aeth();
        if (aeth != null) {
            fields.add(new WireField(12, 1, "syndrome", String.format("0x%02x %s", aeth.syndrome(), aeth.meaning())));
            fields.add(new WireField(13, 3, "message sequence number", Integer.toString(aeth.msn())));
        }
        return fields;
    }

    private static String bytes(Message message, WireField field) {
        if (message.bytes().length == 0) {
            return "";
        }
        int shown = Math.min(field.length(), SHOWN_BYTES);
        String hex = HexFormat.of().formatHex(message.bytes(), field.offset(), field.offset() + shown);
        return shown < field.length() ? hex + ".." : hex;
    }
}
