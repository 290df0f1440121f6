package io.smc4j.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.protocol.Golden.Example;
import io.smc4j.protocol.cdc.CdcCodec;
import io.smc4j.protocol.clc.ClcCodec;
import io.smc4j.protocol.llc.LlcByteOrder;
import io.smc4j.protocol.llc.LlcCodec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The fields of a message cover all its bytes once and read as {@code descriptions.txt} says for the examples. */
class DescriptionTest {
    @Test
    void shouldDescribeTheExamples() throws ProtocolViolation, IOException {
        StringBuilder text = new StringBuilder();
        for (Example example : Golden.examples()) {
            if (!example.name().startsWith("SMCD") && !example.name().startsWith("TCP")) {
                append(example.name(), describe(example.buffer()), text);
            }
        }
        for (String extra : List.of(
                "CONFIRM_RKEY_CONTINUE 082c0000020111111111222222222222222202333333334444444444444444",
                "REJECTED_WITH_RESERVED 022c01c2020000aabb12ffff00000000000000000000000000000000000113020000000a",
                "ZOS_DECLINE e2d4c3d904002c28000000000000000012345678100000000000000100000002000000030000000400000000")) {
            String[] words = extra.split(" ");
            String hex = words[1] + "0".repeat(Math.max(0, 88 - words[1].length()));
            append(words[0], describe(ByteBuffer.wrap(HexFormat.of().parseHex(hex))), text);
        }
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/descriptions.txt"))) {
            assertThat(text.toString()).isEqualTo(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static void append(String name, List<WireField> fields, StringBuilder text) {
        text.append(name).append('\n');
        for (WireField field : fields) {
            text.append(
                    String.format("%4d %2d  %s: %s%n", field.offset(), field.length(), field.name(), field.value()));
        }
    }

    private static List<WireField> describe(ByteBuffer bytes) throws ProtocolViolation {
        return switch (bytes.get(0)) {
            case (byte) 0xE2 -> ClcCodec.describe(bytes);
            case (byte) 0xFE -> CdcCodec.describe(bytes);
            default -> LlcCodec.describe(bytes);
        };
    }

    @Test
    void shouldCoverEveryByteOfAnyMessageOnce() throws ProtocolViolation {
        MessageGenerator generator = new MessageGenerator(Seeds.random("descriptions"));
        for (int i = 0; i < 2_000; i++) {
            assertCovered(ClcCodec.encode(generator.clc()));
            assertCovered(LlcCodec.encode(generator.llc(), LlcByteOrder.values()[i & 1]));
            assertCovered(CdcCodec.encode(generator.cdc()));
        }
    }

    private static void assertCovered(byte[] bytes) throws ProtocolViolation {
        int next = 0;
        List<String> names = new ArrayList<>();
        for (WireField field : describe(ByteBuffer.wrap(bytes))) {
            assertThat(field.offset()).as(field.name()).isEqualTo(next);
            assertThat(field.length()).as(field.name()).isPositive();
            assertThat(field.value()).as(field.name()).isNotEmpty();
            names.add(field.name());
            next += field.length();
        }
        assertThat(next).as(names.toString()).isEqualTo(bytes.length);
        assertThat(names).as("everything that a writer fills has a name").doesNotContain("unknown");
    }
}
