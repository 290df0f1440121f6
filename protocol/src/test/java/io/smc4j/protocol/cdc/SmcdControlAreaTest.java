package io.smc4j.protocol.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmcdControlAreaTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldPackFieldsWhereEitherByteOrderHasThem(boolean littleEndian) {
        long group = SmcdControlArea.pack(Cursors.pack(0x8123, 0x89ABCDEF), 0x88, 0xE1, littleEndian);
        ByteBuffer bytes = ByteBuffer.allocate(8).order(littleEndian ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        bytes.putLong(0, group);
        assertThat(bytes.getShort(0)).isEqualTo((short) 0x8123);
        assertThat(bytes.getInt(2)).isEqualTo(0x89ABCDEF);
        assertThat(bytes.get(6)).isEqualTo((byte) 0x88);
        assertThat(bytes.get(7)).isEqualTo((byte) 0xE1);

        assertThat(SmcdControlArea.cursor(group, littleEndian)).isEqualTo(Cursors.pack(0x8123, 0x89ABCDEF));
        assertThat(SmcdControlArea.producerFlags(group, littleEndian)).isEqualTo(0x88);
        assertThat(SmcdControlArea.stateFlags(group, littleEndian)).isEqualTo(0xE1);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 0x1000, 0xFFFF_1FFF_FFFFL})
    void shouldUseTheByteOrderOfThisMachine(long cursor) {
        ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
        bytes.putLong(0, SmcdControlArea.packProducer(cursor));
        bytes.putLong(8, SmcdControlArea.packConsumer(cursor, 0x10, 0x80));
        assertThat(bytes.getInt(2)).isEqualTo(Cursors.count(cursor));
        assertThat(bytes.get(6)).isZero();
        assertThat(bytes.getInt(10)).isEqualTo(Cursors.count(cursor));
        assertThat(bytes.get(15)).isEqualTo((byte) 0x80);
        assertThat(SmcdControlArea.cursor(bytes.getLong(8))).isEqualTo(cursor);
        assertThat(SmcdControlArea.producerFlags(bytes.getLong(8))).isEqualTo(0x10);
        assertThat(SmcdControlArea.stateFlags(bytes.getLong(8))).isEqualTo(0x80);
        assertThat(SmcdControlArea.packProducer(Cursors.wrap(cursor), Cursors.count(cursor)))
                .isEqualTo(bytes.getLong(0));
        assertThat(SmcdControlArea.packConsumer(Cursors.wrap(cursor), Cursors.count(cursor), 0x10, 0x80))
                .isEqualTo(bytes.getLong(8));
    }
}
