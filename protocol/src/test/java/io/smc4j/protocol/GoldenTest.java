package io.smc4j.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.protocol.Golden.Example;
import io.smc4j.protocol.cdc.CdcCodec;
import io.smc4j.protocol.cdc.Cursors;
import io.smc4j.protocol.cdc.SmcdControlArea;
import io.smc4j.protocol.clc.ClcCodec;
import io.smc4j.protocol.llc.LlcCodec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example message of the specification decodes and encodes to the same bytes. */
class GoldenTest {
    static Stream<Example> examples() {
        return Golden.examples().stream();
    }

    static Stream<Example> clc() {
        return examples().filter(example -> example.name().startsWith("CLC_"));
    }

    static Stream<Example> llc() {
        return examples().filter(example -> example.name().startsWith("LLC_"));
    }

    static Stream<Example> cdc() {
        return examples().filter(example -> example.name().startsWith("CDC_"));
    }

    static Stream<Example> controlArea() {
        return examples().filter(example -> example.name().startsWith("SMCD_CDC"));
    }

    static Stream<Example> option() {
        return examples().filter(example -> example.name().startsWith("TCP_OPTION"));
    }

    @ParameterizedTest
    @MethodSource("clc")
    void shouldRoundTripClcMessages(Example example) throws ProtocolViolation {
        assertThat(ClcCodec.encode(ClcCodec.decode(example.buffer()))).isEqualTo(example.bytes());
    }

    @ParameterizedTest
    @MethodSource("llc")
    void shouldRoundTripLlcMessages(Example example) throws ProtocolViolation {
        assertThat(LlcCodec.encode(LlcCodec.decode(example.buffer()))).isEqualTo(example.bytes());
    }

    @ParameterizedTest
    @MethodSource("cdc")
    void shouldRoundTripCdcMessages(Example example) throws ProtocolViolation {
        assertThat(CdcCodec.encode(CdcCodec.decode(example.buffer()))).isEqualTo(example.bytes());
    }

    @ParameterizedTest
    @MethodSource("controlArea")
    void shouldRoundTripTheSmcdControlAreaOfThisMachine(Example example) {
        ByteBuffer area = example.buffer().order(ByteOrder.LITTLE_ENDIAN);
        // The example is of a little-endian host; on another the same numbers make other bytes, so compare the numbers.
        assertThat(area.get(0) & 0xFF).isEqualTo(SmcdControlArea.TYPE);
        assertThat(area.getShort(8)).isZero();
        assertThat(area.getInt(10)).isEqualTo(0x1000);
        assertThat(area.getInt(18)).isEqualTo(0x200);
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            long producer = area.getLong(SmcdControlArea.OFFSET_PRODUCER);
            long consumer = area.getLong(SmcdControlArea.OFFSET_CONSUMER);
            assertThat(SmcdControlArea.cursor(producer)).isEqualTo(Cursors.pack(0, 0x1000));
            assertThat(SmcdControlArea.stateFlags(consumer)).isEqualTo(0x80);
            assertThat(SmcdControlArea.packProducer(0, 0x1000)).isEqualTo(producer);
            assertThat(SmcdControlArea.packConsumer(0, 0x200, 0, 0x80)).isEqualTo(consumer);
        }
    }

    @ParameterizedTest
    @MethodSource("option")
    void shouldRoundTripTheTcpOption(Example example) throws ProtocolViolation {
        assertThat(TcpOption.isPresent(example.buffer())).isTrue();
        assertThat(TcpOption.encode()).isEqualTo(example.bytes());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void shouldCoverEveryExample(Example example) {
        assertThat(Stream.of(clc(), llc(), cdc(), controlArea(), option()).flatMap(s -> s))
                .anyMatch(covered -> covered.name().equals(example.name()));
    }
}
