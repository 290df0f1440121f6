package io.smc4j.protocol.clc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.smc4j.protocol.Golden;
import io.smc4j.protocol.ProtocolViolation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule of the receiver, broken one at a time in an example message: refused, and the error says where and why. */
class ClcViolationTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # example          | at  | bytes    | message      | offset | words of the error
            CLC_PROPOSAL_V1    | 0   | e2d4c3da | CLC header   | 0      | e2d4c3da
            CLC_PROPOSAL_V1    | 0   | 47455420 | CLC header   | 0      | 47455420
            CLC_PROPOSAL_V1    | 4   | 00       | CLC header   | 4      | type 0
            CLC_PROPOSAL_V1    | 4   | 05       | CLC header   | 4      | type 5
            CLC_PROPOSAL_V1    | 5   | 0035     | CLC PROPOSAL | 5      | which are 52
            CLC_PROPOSAL_V1    | 5   | 0033     | CLC header   | 5      | 52 to 652
            CLC_PROPOSAL_V1    | 5   | 028d     | CLC header   | 5      | length 653
            CLC_PROPOSAL_V1    | 7   | 00       | CLC header   | 7      | version 0
            CLC_PROPOSAL_V1    | 7   | 12       | CLC PROPOSAL | 7      | type NONE
            CLC_PROPOSAL_V1    | 7   | 11       | CLC PROPOSAL | 38     | before the prefixes
            CLC_PROPOSAL_V1    | 38  | 0001     | CLC PROPOSAL | 38     | offset 1
            CLC_PROPOSAL_V1    | 38  | 0029     | CLC PROPOSAL | 38     | offset 41
            CLC_PROPOSAL_V1    | 38  | 0028     | CLC PROPOSAL | 5      | at least 84
            CLC_PROPOSAL_V1    | 47  | 09       | CLC PROPOSAL | 47     | 9 IPv6 prefixes
            CLC_PROPOSAL_V1    | 47  | 01       | CLC PROPOSAL | 5      | at least 69
            CLC_PROPOSAL_V1    | 51  | d8       | CLC PROPOSAL | 48     | must close with
            CLC_PROPOSAL_V1    | 7   | 20       | CLC PROPOSAL | 38     | before the prefixes
            CLC_PROPOSAL_V2_R  | 38  | 0000     | CLC PROPOSAL | 38     | before the prefixes
            CLC_PROPOSAL_V2_R  | 50  | 0000     | CLC PROPOSAL | 50     | 36 bytes behind byte 52
            CLC_PROPOSAL_V2_R  | 50  | 0025     | CLC PROPOSAL | 50     | offset 37
            CLC_PROPOSAL_V2_R  | 87  | 09       | CLC PROPOSAL | 87     | 9 IPv6 prefixes
            CLC_PROPOSAL_V2_R  | 88  | 09       | CLC PROPOSAL | 88     | 9 UEIDs
            CLC_PROPOSAL_V2_R  | 88  | 02       | CLC PROPOSAL | 5      | this message has 196
            CLC_PROPOSAL_V2_R  | 88  | 00       | CLC PROPOSAL | 5      | this message has 132
            CLC_PROPOSAL_V2_R  | 7   | 28       | CLC PROPOSAL | 5      | this message has 92
            CLC_PROPOSAL_V2_R  | 7   | 24       | CLC PROPOSAL | 5      | this message has 212
            CLC_PROPOSAL_V2_R  | 128 | 73       | CLC PROPOSAL | 128    | an EID is 1 to 32
            CLC_PROPOSAL_V2_R  | 159 | 00       | CLC PROPOSAL | 128    | \\x00
            CLC_PROPOSAL_V2_R  | 163 | 00       | CLC PROPOSAL | 160    | e2d4c300
            CLC_PROPOSAL_V2_D  | 47  | 09       | CLC PROPOSAL | 47     | last byte 9
            CLC_PROPOSAL_V2_D  | 38  | 002800000000000000ff | CLC PROPOSAL | 47     | last byte 255
            CLC_PROPOSAL_V2_D  | 81  | 09       | CLC PROPOSAL | 81     | 9 ISM entries
            CLC_PROPOSAL_V2_D  | 81  | 02       | CLC PROPOSAL | 5      | this message has 224
            CLC_PROPOSAL_V2_D  | 86  | 0041     | CLC PROPOSAL | 86     | at 64
            CLC_PROPOSAL_V2_D  | 86  | 0120     | CLC PROPOSAL | 86     | offset 288
            CLC_PROPOSAL_V2_D  | 152 | 61       | CLC PROPOSAL | 152    | an EID is 1 to 32
            CLC_ACCEPT_V1_R    | 7   | 1a       | CLC ACCEPT   | 7      | type NONE
            CLC_ACCEPT_V1_R    | 7   | 1b       | CLC ACCEPT   | 7      | type BOTH
            CLC_ACCEPT_V1_R    | 7   | 19       | CLC ACCEPT   | 5      | this message has 48
            CLC_ACCEPT_V1_R    | 7   | 28       | CLC ACCEPT   | 5      | at least 144
            CLC_ACCEPT_V1_R    | 7   | 20       | CLC ACCEPT   | 5      | at least 108
            CLC_ACCEPT_V1_R    | 45  | 00       | CLC ACCEPT   | 45     | RMBE index 0
            CLC_ACCEPT_V1_R    | 46  | 00000000 | CLC ACCEPT   | 46     | never 0
            CLC_ACCEPT_V1_R    | 50  | 20       | CLC ACCEPT   | 50     | MTU code 0
            CLC_ACCEPT_V1_R    | 50  | 26       | CLC ACCEPT   | 50     | MTU code 6
            CLC_ACCEPT_V1_R    | 64  | 00000000 | CLC ACCEPT   | 64     | must close with
            CLC_ACCEPT_V2_R_FC | 64  | 20       | CLC ACCEPT   | 64     | an EID is 1 to 32
            CLC_ACCEPT_V2_R_FC | 159 | 00       | CLC ACCEPT   | 156    | must close with
            CLC_ACCEPT_V2_R_FC | 7   | 18       | CLC ACCEPT   | 5      | this message has 68
            CLC_CONFIRM_V1_R   | 45  | 00       | CLC CONFIRM  | 45     | RMBE index 0
            CLC_CONFIRM_V1_R   | 7   | 13       | CLC CONFIRM  | 7      | selects SMC-R (0) or SMC-D (1)
            CLC_CONFIRM_V2_R_FC| 156 | 03       | CLC CONFIRM  | 156    | room for 2
            CLC_CONFIRM_V2_R_FC| 195 | 00       | CLC CONFIRM  | 192    | must close with
            CLC_ACCEPT_V1_D    | 7   | 29       | CLC ACCEPT   | 5      | at least 78
            CLC_ACCEPT_V1_D    | 47  | d8       | CLC ACCEPT   | 44     | must close with
            CLC_ACCEPT_V2_D    | 7   | 29       | CLC ACCEPT   | 5      | at least 114
            CLC_ACCEPT_V2_D    | 34  | 00       | CLC ACCEPT   | 34     | an EID is 1 to 32
            CLC_ACCEPT_V2_D    | 7   | 11       | CLC ACCEPT   | 5      | this message has 48
            CLC_DECLINE_V1_SYNC| 7   | 20       | CLC DECLINE  | 5      | this message has 44
            CLC_DECLINE_V2     | 7   | 10       | CLC DECLINE  | 5      | this message has 28
            """)
    void shouldRefuse(String example, int at, String hex, String message, int offset, String words) {
        byte[] bytes = Golden.bytes(example);
        byte[] bad = HexFormat.of().parseHex(hex);
        System.arraycopy(bad, 0, bytes, at, bad.length);
        assertRefused(bytes, message, offset, words);
    }

    @Test
    void shouldRefuseAnSmcdFirstContactOfRelease1WithoutItsFeatures() throws ProtocolViolation {
        ClcAcceptSmcd later = (ClcAcceptSmcd) ClcCodec.decode(ByteBuffer.wrap(Golden.bytes("CLC_ACCEPT_V2_D")));
        byte[] release0 = ClcCodec.encode(new ClcAcceptSmcd(
                2,
                true,
                later.endpoint(),
                later.selection(),
                Optional.of(FirstContactExtension.release0(false, 2, "host"))));
        assertThat(release0).hasSize(114);
        release0[75] |= 1;
        assertRefused(release0, "CLC ACCEPT", 5, "at least 130");
    }

    @ParameterizedTest
    @CsvSource({
        "CLC_PROPOSAL_V2_R, 83, at least 84",
        "CLC_PROPOSAL_V2_R, 84, at least 92",
        "CLC_PROPOSAL_V2_R, 91, at least 92",
        "CLC_PROPOSAL_V2_R, 92, at least 132",
        "CLC_PROPOSAL_V2_R, 131, at least 132",
        "CLC_PROPOSAL_V2_R, 132, this message has 164",
        "CLC_PROPOSAL_V2_D, 123, at least 124",
        "CLC_ACCEPT_V2_R_FC, 143, at least 144",
        "CLC_ACCEPT_V2_D, 77, at least 78",
        "CLC_DECLINE_V2, 43, this message has 44"
    })
    void shouldRefuseMessagesThatEndEarlyAndSaySo(String example, int length, String words) {
        for (int type = 0; type <= (example.contains("ACCEPT") ? 1 : 0); type++) {
            byte[] bytes = Arrays.copyOf(Golden.bytes(example), length);
            bytes[4] += (byte) type;
            bytes[5] = 0;
            bytes[6] = (byte) length;
            assertRefused(bytes, type == 1 ? "CLC CONFIRM" : "CLC " + example.split("_")[1], 5, words);
        }
    }

    @Test
    void shouldNameEverythingAboutAViolation() {
        byte[] bytes = Golden.bytes("CLC_ACCEPT_V1_R");
        bytes[45] = 0;
        assertThatExceptionOfType(ProtocolViolation.class)
                .isThrownBy(() -> ClcCodec.decode(ByteBuffer.wrap(bytes)))
                .withMessage("CLC ACCEPT at byte 45: found RMBE index 0, but elements of an RMB count from 1")
                .satisfies(violation -> {
                    assertThat(violation.found()).isEqualTo("RMBE index 0");
                    assertThat(violation.rule()).isEqualTo("elements of an RMB count from 1");
                });
    }

    @Test
    void shouldReadOnlyBetweenPositionAndLimit() throws ProtocolViolation {
        byte[] message = Golden.bytes("CLC_DECLINE_V2");
        byte[] framed = new byte[message.length + 20];
        Arrays.fill(framed, (byte) 0xE2);
        System.arraycopy(message, 0, framed, 7, message.length);
        ByteBuffer slice = ByteBuffer.wrap(framed, 7, message.length);
        assertThat(ClcCodec.encode(ClcCodec.decode(slice))).isEqualTo(message);
        assertThat(slice.position()).isEqualTo(7);
        assertThat(slice.remaining()).isEqualTo(message.length);
    }

    private static void assertRefused(byte[] bytes, String message, int offset, String words) {
        assertThatExceptionOfType(ProtocolViolation.class)
                .isThrownBy(() -> ClcCodec.decode(ByteBuffer.wrap(bytes)))
                .withMessageContaining(words)
                .satisfies(violation -> {
                    assertThat(violation.protocolMessage()).isEqualTo(message);
                    assertThat(violation.offset()).as(violation.getMessage()).isEqualTo(offset);
                });
    }
}
