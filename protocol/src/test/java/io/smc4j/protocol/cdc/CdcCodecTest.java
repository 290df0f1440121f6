package io.smc4j.protocol.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.smc4j.protocol.MessageGenerator;
import io.smc4j.protocol.ProtocolViolation;
import io.smc4j.protocol.Seeds;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CdcCodecTest {
    private static final CdcMessage MESSAGE = new CdcMessage(
            0xFFFE,
            0x80000001,
            new Cursor(0xFFFF, 0x1FFFFFFF),
            new Cursor(1, 2),
            CdcFlags.WRITE_BLOCKED,
            CdcFlags.ABORT);

    @Test
    void shouldReadInPlaceWhatItWroteInPlace() {
        MessageGenerator generator = new MessageGenerator(Seeds.random("cdc in place"));
        byte[] array = new byte[3 + CdcCodec.LENGTH + 3];
        MemorySegment segment = MemorySegment.ofArray(array);
        for (int i = 0; i < 1_000; i++) {
            CdcMessage message = generator.cdc();
            segment.fill((byte) 0x5A);
            CdcCodec.encode(
                    segment,
                    3,
                    message.sequence(),
                    message.alertToken(),
                    message.producer().packed(),
                    message.consumer().packed(),
                    message.producerFlags(),
                    message.stateFlags());
            assertThat(CdcCodec.check(segment, 3, CdcCodec.LENGTH)).isEqualTo(CdcCodec.VALID);
            assertThat(read(segment, 3)).isEqualTo(message);
            assertThat(segment.asSlice(3, CdcCodec.LENGTH).toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(CdcCodec.encode(message));
            assertThat(array).startsWith(0x5A, 0x5A, 0x5A).endsWith(0x5A, 0x5A, 0x5A);
        }
    }

    private static CdcMessage read(MemorySegment segment, long offset) {
        return new CdcMessage(
                CdcCodec.sequence(segment, offset),
                CdcCodec.alertToken(segment, offset),
                Cursor.ofPacked(CdcCodec.producer(segment, offset)),
                Cursor.ofPacked(CdcCodec.consumer(segment, offset)),
                CdcCodec.producerFlags(segment, offset),
                CdcCodec.stateFlags(segment, offset));
    }

    @Test
    void shouldIgnoreReservedBytesAroundCursors() throws ProtocolViolation {
        byte[] bytes = CdcCodec.encode(MESSAGE);
        for (int reserved : new int[] {8, 9, 16, 17, 26, 43}) {
            bytes[reserved] = (byte) 0xFF;
        }
        assertThat(CdcCodec.decode(ByteBuffer.wrap(bytes))).isEqualTo(MESSAGE);
        assertThat(read(MemorySegment.ofArray(bytes), 0)).isEqualTo(MESSAGE);
    }

    @Test
    void shouldSayByCodeWhatIsWrongWithAReceivedBuffer() {
        MemorySegment segment = MemorySegment.ofArray(CdcCodec.encode(MESSAGE));
        assertThat(CdcCodec.check(segment, 0, 43)).isEqualTo(CdcCodec.WRONG_SIZE);
        assertThat(CdcCodec.check(segment, 0, 45)).isEqualTo(CdcCodec.WRONG_SIZE);
        segment.set(ValueLayout.JAVA_BYTE, 1, (byte) 43);
        assertThat(CdcCodec.check(segment, 0, 44)).isEqualTo(CdcCodec.WRONG_LENGTH);
        segment.set(ValueLayout.JAVA_BYTE, 0, (byte) 0x07);
        assertThat(CdcCodec.check(segment, 0, 44)).isEqualTo(CdcCodec.WRONG_TYPE);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 01, 0, begin with fe",
        "1, 2d, 1, 44 bytes",
        "4, 00000000, 4, never 0",
        "12, 20000000, 12, no ring",
        "12, ffffffff, 12, 4294967295",
        "20, 80000000, 20, 2147483648"
    })
    void shouldRefuseMessagesThatBreakARule(int at, String hex, int offset, String words) {
        byte[] bytes = CdcCodec.encode(MESSAGE);
        byte[] bad = HexFormat.of().parseHex(hex);
        System.arraycopy(bad, 0, bytes, at, bad.length);
        assertThatExceptionOfType(ProtocolViolation.class)
                .isThrownBy(() -> CdcCodec.decode(ByteBuffer.wrap(bytes)))
                .withMessageContaining(words)
                .satisfies(violation -> {
                    assertThat(violation.protocolMessage()).isEqualTo("CDC");
                    assertThat(violation.offset()).isEqualTo(offset);
                });
    }

    @Test
    void shouldRefuseValuesThatTheWireCannotCarry() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CdcMessage(65536, 1, Cursor.START, Cursor.START, 0, 0))
                .withMessageContaining("sequence");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CdcMessage(1, 0, Cursor.START, Cursor.START, 0, 0))
                .withMessageContaining("token");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CdcMessage(1, 1, Cursor.START, Cursor.START, 256, 0))
                .withMessageContaining("producer flags");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CdcMessage(1, 1, Cursor.START, Cursor.START, 0, -1))
                .withMessageContaining("state flags");
    }

    @Test
    void shouldNameFlags() {
        assertThat(CdcFlags.describeProducer(0x07)).isEmpty();
        assertThat(CdcFlags.describeProducer(0xFF))
                .isEqualTo("write-blocked,urgent-pending,urgent-present,cursor-update-requested,failover-validation");
        assertThat(CdcFlags.describeState(0x1F)).isEmpty();
        assertThat(CdcFlags.describeState(0xE0)).isEqualTo("done-writing,closed,abort");
        assertThat(new CdcMessage(1, 1, Cursor.START, Cursor.START, 0x08, 0).isFailoverValidation())
                .isTrue();
        assertThat(new CdcMessage(1, 1, Cursor.START, Cursor.START, 0xF7, 0).isFailoverValidation())
                .isFalse();
    }
}
