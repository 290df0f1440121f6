package io.smc4j.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.protocol.cdc.CdcCodec;
import io.smc4j.protocol.cdc.CdcMessage;
import io.smc4j.protocol.clc.ClcCodec;
import io.smc4j.protocol.clc.ClcMessage;
import io.smc4j.protocol.llc.LlcByteOrder;
import io.smc4j.protocol.llc.LlcCodec;
import io.smc4j.protocol.llc.LlcMessage;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Any valid message encodes and decodes to an equal one; any prefix of it is refused. */
class RoundTripTest {
    private static final int MESSAGES = 3_000;
    private static final int PREFIXED_MESSAGES = 300;

    private interface Decoder {
        Object decode(ByteBuffer bytes) throws ProtocolViolation;
    }

    @Test
    void shouldRoundTripAnyClcMessage() throws ProtocolViolation {
        MessageGenerator generator = new MessageGenerator(Seeds.random("clc round trip"));
        for (int i = 0; i < MESSAGES; i++) {
            ClcMessage message = generator.clc();
            byte[] bytes = ClcCodec.encode(message);
            assertThat(ClcCodec.decode(ByteBuffer.wrap(bytes))).isEqualTo(message);
            assertThat(ClcCodec.peekHeader(ByteBuffer.wrap(bytes, 0, 8)).length())
                    .isEqualTo(bytes.length);
            if (i < PREFIXED_MESSAGES) {
                assertPrefixesRefused(bytes, ClcCodec::decode);
            }
        }
    }

    @Test
    void shouldRoundTripAnyLlcMessageInEitherByteOrder() throws ProtocolViolation {
        MessageGenerator generator = new MessageGenerator(Seeds.random("llc round trip"));
        for (int i = 0; i < MESSAGES; i++) {
            LlcMessage message = generator.llc();
            for (LlcByteOrder order : LlcByteOrder.values()) {
                byte[] bytes = LlcCodec.encode(message, order);
                assertThat(LlcCodec.decode(ByteBuffer.wrap(bytes))).isEqualTo(message);
                LlcByteOrder told = LlcCodec.byteOrderOf(ByteBuffer.wrap(bytes));
                assertThat(LlcCodec.encode(message, told)).isEqualTo(bytes);
                if (i < PREFIXED_MESSAGES) {
                    assertPrefixesRefused(bytes, LlcCodec::decode);
                }
            }
        }
    }

    @Test
    void shouldRoundTripAnyCdcMessage() throws ProtocolViolation {
        MessageGenerator generator = new MessageGenerator(Seeds.random("cdc round trip"));
        for (int i = 0; i < MESSAGES; i++) {
            CdcMessage message = generator.cdc();
            byte[] bytes = CdcCodec.encode(message);
            assertThat(CdcCodec.decode(ByteBuffer.wrap(bytes))).isEqualTo(message);
            if (i < PREFIXED_MESSAGES) {
                assertPrefixesRefused(bytes, CdcCodec::decode);
            }
        }
    }

    @Test
    void shouldEncodeIntoTheMiddleOfADirtyBuffer() {
        MessageGenerator generator = new MessageGenerator(Seeds.random("dirty buffer"));
        for (int i = 0; i < PREFIXED_MESSAGES; i++) {
            ClcMessage clc = generator.clc();
            assertEncodesInPlace(ClcCodec.encode(clc), target -> ClcCodec.encode(clc, target));
            LlcMessage llc = generator.llc();
            assertEncodesInPlace(LlcCodec.encode(llc), target -> LlcCodec.encode(llc, target));
        }
    }

    private interface Encoder {
        int encode(ByteBuffer target);
    }

    private static void assertEncodesInPlace(byte[] expected, Encoder encoder) {
        byte[] array = new byte[expected.length + 10];
        Arrays.fill(array, (byte) 0x5A);
        ByteBuffer target = ByteBuffer.wrap(array).position(3);
        assertThat(encoder.encode(target)).isEqualTo(expected.length);
        assertThat(target.position()).isEqualTo(3 + expected.length);
        assertThat(array).startsWith(0x5A, 0x5A, 0x5A).endsWith(0x5A, 0x5A, 0x5A, 0x5A, 0x5A, 0x5A, 0x5A);
        assertThat(Arrays.copyOfRange(array, 3, 3 + expected.length)).isEqualTo(expected);

        ByteBuffer tight = ByteBuffer.allocate(expected.length - 1);
        assertThatThrownBy(() -> encoder.encode(tight)).isInstanceOf(BufferOverflowException.class);
        assertThat(tight.position()).isZero();
        assertThat(tight.array()).containsOnly(0);
    }

    private static void assertPrefixesRefused(byte[] bytes, Decoder decoder) {
        for (int length = 0; length < bytes.length; length += bytes.length > 300 ? 7 : 1) {
            ByteBuffer prefix = ByteBuffer.wrap(bytes, 0, length);
            assertThatThrownBy(() -> decoder.decode(prefix))
                    .as("prefix of %d of %d bytes", length, bytes.length)
                    .isInstanceOf(ProtocolViolation.class);
        }
        ByteBuffer longer = ByteBuffer.allocate(bytes.length + 1).put(bytes).rewind();
        assertThatThrownBy(() -> decoder.decode(longer)).as("one byte too many").isInstanceOf(ProtocolViolation.class);
    }
}
