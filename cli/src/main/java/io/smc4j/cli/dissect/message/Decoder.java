package io.smc4j.cli.dissect.message;

import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.TcpOption;
import io.smc4j.protocol.cdc.CdcCodec;
import io.smc4j.protocol.cdc.Cursors;
import io.smc4j.protocol.cdc.SmcdControlArea;
import io.smc4j.protocol.clc.ClcCodec;
import io.smc4j.protocol.clc.ClcMessage;
import io.smc4j.protocol.llc.LlcCodec;
import io.smc4j.protocol.llc.LlcMessage;
import io.smc4j.protocol.llc.LlcType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/** Bytes to messages. Stateless. */
public final class Decoder {
    private static final int LLC_VERSION_2 = 0x20;

    private Decoder() {}

    /** The message in bytes that open with a CLC eyecatcher. */
    public static Message clc(Place place, byte[] bytes) {
        try {
            ClcMessage message = ClcCodec.decode(ByteBuffer.wrap(bytes));
            return new Message(place, Layer.CLC, message.type().name(), bytes.length, new Body.Clc(message), bytes);
        } catch (ProtocolViolation violation) {
            return broken(place, Layer.CLC, violation, bytes);
        }
    }

    /** The message that an RDMA SEND carried: CDC or LLC by its first byte. */
    public static Message sent(Place place, byte[] bytes) {
        boolean cdc = bytes.length > 0 && !LlcCodec.isLlc(bytes[0]);
        try {
            if (cdc) {
                Body body = new Body.Cdc(CdcCodec.decode(ByteBuffer.wrap(bytes)));
                return new Message(place, Layer.CDC, "CDC", bytes.length, body, bytes);
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            LlcMessage message = LlcCodec.decode(buffer);
            Body body = new Body.Llc(message, LlcCodec.byteOrderOf(buffer));
            return new Message(place, Layer.LLC, name(message), bytes.length, body, bytes);
        } catch (ProtocolViolation violation) {
            return broken(place, cdc ? Layer.CDC : Layer.LLC, violation, bytes);
        }
    }

    /** The SMC option, if the options of a SYN hold it. */
    public static Optional<Message> option(Place place, boolean answer, ByteBuffer options) {
        try {
            int offset = TcpOption.offsetIn(options);
            if (offset < 0) {
                return Optional.empty();
            }
            byte[] bytes = new byte[options.get(options.position() + offset + 1) & 0xFF];
            options.get(options.position() + offset, bytes);
            String name = answer ? "SYN-ACK" : "SYN";
            return Optional.of(
                    new Message(place, Layer.TCP_OPTION, name, bytes.length, new Body.Option(answer), bytes));
        } catch (ProtocolViolation violation) {
            return Optional.of(broken(place, Layer.TCP_OPTION, violation, new byte[0]));
        }
    }

    /** The message in bytes of unknown origin, told by how they begin. */
    public static Message guess(Place place, byte[] bytes) {
        if (bytes.length >= 1 && ClcCodec.couldBeClc(bytes, bytes.length)) {
            return clc(place, bytes);
        }
        if (bytes.length == SmcdControlArea.LENGTH
                && (bytes[0] & 0xFF) == SmcdControlArea.TYPE
                && bytes[1] != CdcCodec.LENGTH) {
            return controlArea(place, bytes);
        }
        Optional<Message> option = option(place, false, ByteBuffer.wrap(bytes));
        if (option.isPresent() && !option.get().broken()) {
            return option.get();
        }
        return sent(place, bytes);
    }

    private static Message controlArea(Place place, byte[] bytes) {
        ByteBuffer area = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        Body body = new Body.ControlArea(
                Cursors.pack(area.getShort(8), area.getInt(10)),
                Cursors.pack(area.getShort(16), area.getInt(18)),
                area.get(22) & 0xFF,
                area.get(23) & 0xFF);
        return new Message(place, Layer.CDC, "SMCD_CDC", bytes.length, body, bytes);
    }

    private static Message broken(Place place, Layer layer, ProtocolViolation violation, byte[] bytes) {
        return new Message(place, layer, "BROKEN", bytes.length, new Body.Broken(violation), bytes);
    }

    private static String name(LlcMessage message) {
        String name = switch (message.type()) {
            case ADD_LINK_CONTINUE -> "ADD_LINK_CONT";
            case REQUEST_ADD_LINK -> "REQ_ADD_LINK";
            case CONFIRM_RKEY_CONTINUE -> "CONFIRM_RKEY_CONT";
            case CONFIRM_LINK, ADD_LINK, DELETE_LINK, CONFIRM_RKEY, TEST_LINK, DELETE_RKEY ->
                message.type().name();
        };
        return message.version() == 2 ? name + "_V2" : name;
    }

    /** Whether bytes look like SMC at all: an RDMA SEND of another protocol must not be taken for damage. */
    public static boolean looksLikeSmc(byte[] bytes) {
        if (bytes.length < LlcCodec.MIN_LENGTH || bytes.length > LlcCodec.MAX_LENGTH) {
            return false;
        }
        int first = bytes[0] & 0xFF;
        if (first == CdcCodec.TYPE) {
            return bytes[1] == CdcCodec.LENGTH;
        }
        boolean version2 = (first & 0xF0) == LLC_VERSION_2;
        if ((!version2 && first > 0x0F) || LlcType.ofCode(first & 0xF).isEmpty()) {
            return false;
        }
        int length = (bytes[1] & 0xFF) | (bytes[2] & 0xFF) << 8;
        return version2
                ? length == bytes.length || Short.reverseBytes((short) length) == (short) bytes.length
                : bytes[1] == LlcCodec.MIN_LENGTH;
    }

    /**
     * The bytes that encoding the message gives, to compare with those on the wire; empty for what is not encoded.
     */
    public static Optional<byte[]> encode(Message message) {
        return switch (message.body()) {
            case Body.Clc clc -> Optional.of(ClcCodec.encode(clc.message()));
            case Body.Llc llc -> Optional.of(LlcCodec.encode(llc.message(), llc.order()));
            case Body.Cdc cdc -> Optional.of(CdcCodec.encode(cdc.message()));
            case Body.Option _ -> {
                byte[] encoded = TcpOption.encode();
                yield Optional.of(Arrays.copyOfRange(
                        encoded, TcpOption.PADDED_LENGTH - TcpOption.LENGTH, TcpOption.PADDED_LENGTH));
            }
            case Body.ControlArea area -> {
                ByteBuffer bytes = ByteBuffer.allocate(SmcdControlArea.LENGTH).order(ByteOrder.LITTLE_ENDIAN);
                bytes.put(0, (byte) SmcdControlArea.TYPE);
                bytes.putShort(8, (short) Cursors.wrap(area.producer())).putInt(10, Cursors.count(area.producer()));
                bytes.putShort(16, (short) Cursors.wrap(area.consumer())).putInt(18, Cursors.count(area.consumer()));
                bytes.put(22, (byte) area.producerFlags()).put(23, (byte) area.stateFlags());
                yield Optional.of(bytes.array());
            }
            case Body.Rdma _, Body.Broken _ -> Optional.empty();
        };
    }
}
