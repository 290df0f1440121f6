package io.smc4j.protocol.llc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.smc4j.protocol.Golden;
import io.smc4j.protocol.ProtocolViolation;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule of the receiver, broken one at a time in an example message: refused, and the error says where and why. */
class LlcViolationTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # example               | at | bytes    | message          | offset | words of the error
            LLC_TEST_LINK_REQ       | 0  | 00       | LLC header       | 0      | type 00
            LLC_TEST_LINK_REQ       | 0  | 05       | LLC header       | 0      | LLC version 1 has no such message
            LLC_TEST_LINK_REQ       | 0  | 0a       | LLC header       | 0      | type 0a
            LLC_TEST_LINK_REQ       | 0  | 17       | LLC header       | 0      | type 17
            LLC_TEST_LINK_REQ       | 0  | 37       | LLC header       | 0      | type 37
            LLC_TEST_LINK_REQ       | 0  | fe       | LLC header       | 0      | type fe
            LLC_TEST_LINK_REQ       | 1  | 2b       | LLC header       | 1      | length 43 in 44 bytes
            LLC_TEST_LINK_V2_RSP_LE | 0  | 20       | LLC header       | 0      | type 20
            LLC_TEST_LINK_V2_RSP_LE | 0  | 23       | LLC header       | 0      | LLC version 2 has no such message
            LLC_TEST_LINK_V2_RSP_LE | 0  | 28       | LLC header       | 0      | type 28
            LLC_TEST_LINK_V2_RSP_LE | 0  | 2a       | LLC header       | 0      | type 2a
            LLC_TEST_LINK_V2_RSP_LE | 1  | 2d00     | LLC header       | 1      | length bytes 2d00
            LLC_TEST_LINK_V2_RSP_LE | 1  | 2c2c     | LLC header       | 1      | either byte order
            LLC_CONFIRM_LINK_REQ    | 29 | 00       | LLC CONFIRM LINK | 29     | links count from 1
            LLC_ADD_LINK_REQ        | 32 | 06       | LLC ADD LINK     | 32     | MTU code 6
            LLC_ADD_LINK_V2_REQ_LE  | 70 | 0000     | LLC ADD LINK     | 70     | carries 1
            LLC_DELETE_RKEY_REQ     | 4  | 00       | LLC DELETE RKEY  | 4      | deletes 1 to 8
            LLC_DELETE_RKEY_REQ     | 4  | 09       | LLC DELETE RKEY  | 4      | 9 rkeys
            LLC_REQ_ADD_LINK_V2_LE  | 24 | 01       | LLC REQUEST ADD LINK | 1  | this message has 44
            LLC_REQ_ADD_LINK_V2_LE  | 24 | 03       | LLC REQUEST ADD LINK | 1  | this message has 76
            """)
    void shouldRefuse(String example, int at, String hex, String message, int offset, String words) {
        byte[] bytes = Golden.bytes(example);
        byte[] bad = HexFormat.of().parseHex(hex);
        System.arraycopy(bad, 0, bytes, at, bad.length);
        assertRefused(bytes, message, offset, words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"21", "24", "26", "27"})
    void shouldRefuseMoreThan44BytesWhereVersion2HasNoMore(String type) {
        byte[] bytes = HexFormat.of().parseHex(type + "3000" + "01".repeat(45));
        assertRefused(bytes, bytes[0] == 0x21 ? "LLC CONFIRM LINK" : null, 1, "this message has 44");
    }

    @Test
    void shouldRefuseMoreBytesThanAVersion1MessageHas() {
        byte[] bytes = HexFormat.of().parseHex("072c" + "00".repeat(46));
        assertRefused(bytes, "LLC header", 1, "length 44 in 48 bytes");
    }

    @Test
    void shouldRefuseAnAddLinkExtensionThatEndsInAnRkey() {
        assertRefused(addLink(71, 0), "LLC ADD LINK", 1, "at least 72");
        assertRefused(addLink(87, 1), "LLC ADD LINK", 1, "this message has 72");
        assertRefused(addLink(72 + 256 * 16, 256), "LLC ADD LINK", 1, "at most 255");
    }

    private static byte[] addLink(int length, int announced) {
        byte[] bytes = new byte[length];
        bytes[0] = 0x22;
        bytes[1] = (byte) length;
        bytes[2] = (byte) (length >>> 8);
        bytes[31] = 2;
        if (length > 71) {
            bytes[70] = (byte) announced;
            bytes[71] = (byte) (announced >>> 8);
        }
        return bytes;
    }

    @Test
    void shouldRefuseMoreThanAReceiveBufferHolds() {
        byte[] bytes = new byte[8193];
        bytes[0] = 0x29;
        bytes[1] = 0x01;
        bytes[2] = 0x20;
        assertRefused(bytes, "LLC header", 1, "at most 8192");
    }

    @ParameterizedTest
    @ValueSource(strings = {"022c0000", "022c0080", "222c0000", "222c0080"})
    void shouldRefuseTheMarkerThatLinuxKeepsToItself(String header) {
        byte[] bytes = HexFormat.of().parseHex(header + "00".repeat(40));
        bytes[36] = 1; // reserved bytes do not make a message of it
        assertRefused(bytes, "LLC ADD LINK", 4, "never sent");
    }

    @Test
    void shouldRefuseDeleteRkeysOfTheWrongLength() {
        byte[] ten = LlcCodec.encode(LlcDeleteRkey.request(2, Collections.nCopies(10, 7)));
        assertThat(ten).hasSize(48);
        ten[4] = 11;
        assertRefused(ten, "LLC DELETE RKEY", 1, "this message has 52");
        ten[4] = 9;
        assertRefused(ten, "LLC DELETE RKEY", 1, "this message has 44");
        ten[4] = 0;
        assertRefused(ten, "LLC DELETE RKEY", 4, "version 2 deletes 1 to 255");
        byte[] nine = LlcCodec.encode(LlcDeleteRkey.request(2, Collections.nCopies(9, 7)));
        nine[4] = 10;
        assertRefused(nine, "LLC DELETE RKEY", 1, "this message has 48");
    }

    private static void assertRefused(byte[] bytes, @Nullable String message, int offset, String words) {
        assertThatExceptionOfType(ProtocolViolation.class)
                .isThrownBy(() -> LlcCodec.decode(ByteBuffer.wrap(bytes)))
                .withMessageContaining(words)
                .satisfies(violation -> {
                    assertThat(violation.offset()).as(violation.getMessage()).isEqualTo(offset);
                    if (message != null) {
                        assertThat(violation.protocolMessage()).isEqualTo(message);
                    }
                });
    }
}
