package io.smc4j.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.protocol.cdc.CdcCodec;
import io.smc4j.protocol.cdc.Cursors;
import io.smc4j.protocol.cdc.SmcdControlArea;
import io.smc4j.protocol.clc.ClcCodec;
import io.smc4j.protocol.llc.LlcCodec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example message of the specification decodes and encodes to the same bytes. */
class GoldenTest {
    record Example(String name, byte[] bytes) {
        static Example parse(String line) {
            String[] words = line.split(" ");
            byte[] bytes = HexFormat.of().parseHex(words[2]);
            assertThat(bytes).as(words[0]).hasSize(Integer.parseInt(words[1]));
            return new Example(words[0], bytes);
        }

        ByteBuffer buffer() {
            return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Example> examples() throws IOException {
        try (InputStream in = Objects.requireNonNull(GoldenTest.class.getResourceAsStream("/golden.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines().map(Example::parse).toList().stream();
        }
    }

    static Stream<Example> clc() throws IOException {
        return examples().filter(example -> example.name().startsWith("CLC_"));
    }

    static Stream<Example> llc() throws IOException {
        return examples().filter(example -> example.name().startsWith("LLC_"));
    }

    static Stream<Example> cdc() throws IOException {
        return examples().filter(example -> example.name().startsWith("CDC_"));
    }

    static Stream<Example> controlArea() throws IOException {
        return examples().filter(example -> example.name().startsWith("SMCD_CDC"));
    }

    static Stream<Example> option() throws IOException {
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
    void shouldCoverEveryExample(Example example) throws IOException {
        assertThat(Stream.of(clc(), llc(), cdc(), controlArea(), option()).flatMap(s -> s))
                .anyMatch(covered -> covered.name().equals(example.name()));
    }
}
