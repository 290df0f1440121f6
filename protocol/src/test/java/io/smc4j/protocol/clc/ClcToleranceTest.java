package io.smc4j.protocol.clc;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.protocol.Golden;
import io.smc4j.protocol.ProtocolViolation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a receiver puts up with: reserved bits, the other alphabet, later versions, and what real kernels do. */
class ClcToleranceTest {
    @ParameterizedTest
    @CsvSource({
        // reserved bytes of each message
        "CLC_PROPOSAL_V1, 45",
        "CLC_PROPOSAL_V1, 46",
        "CLC_PROPOSAL_V2_R, 60",
        "CLC_PROPOSAL_V2_R, 79",
        "CLC_PROPOSAL_V2_R, 90",
        "CLC_PROPOSAL_V2_R, 92",
        "CLC_PROPOSAL_V2_R, 116",
        "CLC_PROPOSAL_V2_R, 127",
        "CLC_PROPOSAL_V2_D, 184",
        "CLC_PROPOSAL_V2_D, 199",
        "CLC_ACCEPT_V1_R, 51",
        "CLC_ACCEPT_V1_R, 60",
        "CLC_ACCEPT_V2_R_FC, 96",
        "CLC_ACCEPT_V2_R_FC, 103",
        "CLC_ACCEPT_V2_R_FC, 106",
        "CLC_ACCEPT_V2_R_FC, 148",
        "CLC_CONFIRM_V2_R_FC, 157",
        "CLC_ACCEPT_V1_D, 26",
        "CLC_ACCEPT_V1_D, 32",
        "CLC_ACCEPT_V1_D, 43",
        "CLC_DECLINE_V1_SYNC, 20",
        "CLC_DECLINE_V2, 21",
        // the trailer of a DECLINE, which nobody verifies
        "CLC_DECLINE_V2, 43"
    })
    void shouldIgnoreReservedBytes(String example, int at) throws ProtocolViolation {
        byte[] bytes = Golden.bytes(example);
        byte[] dirty = bytes.clone();
        dirty[at] = (byte) 0xFF;
        assertThat(decode(dirty)).isEqualTo(decode(bytes));
        assertThat(ClcCodec.encode(decode(dirty))).isEqualTo(bytes);
    }

    @Test
    void shouldTakeEitherEyecatcherAtEitherEnd() throws ProtocolViolation {
        byte[] bytes = Golden.bytes("CLC_PROPOSAL_V1");
        byte[] other = bytes.clone();
        other[3] = (byte) 0xC4;
        other[51] = (byte) 0xC4;
        assertThat(decode(other)).isEqualTo(decode(bytes));
        assertThat(ClcCodec.peekHeader(ByteBuffer.wrap(other)).eyecatcher()).isEqualTo(Eyecatcher.SMCD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CLC_PROPOSAL_V2_R", "CLC_ACCEPT_V2_R_FC", "CLC_ACCEPT_V2_D", "CLC_DECLINE_V2"})
    void shouldReadLaterVersionsAsVersion2(String example) throws ProtocolViolation {
        byte[] bytes = Golden.bytes(example);
        bytes[7] = (byte) (0x30 | bytes[7] & 0xF);
        assertThat(decode(bytes).version()).isEqualTo(3);
        assertThat(ClcCodec.encode(decode(bytes))).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 289, 0xFFFF})
    void shouldTakeAnSmcdExtensionThatIsNowhereForAbsent(int offset) throws ProtocolViolation {
        byte[] bytes = Golden.bytes("CLC_PROPOSAL_V2_D");
        bytes[86] = (byte) (offset >>> 8);
        bytes[87] = (byte) offset;
        ClcProposal proposal = (ClcProposal) decode(bytes);
        assertThat(proposal.v2().orElseThrow().smcd()).isEmpty();
        assertThat(decode(ClcCodec.encode(proposal))).isEqualTo(proposal);
    }

    @Test
    void shouldReadWhatEndsBehindRelease0AsRelease0() throws ProtocolViolation {
        byte[] full = Golden.bytes("CLC_ACCEPT_V2_R_FC");
        byte[] brief = Arrays.copyOf(full, 144);
        System.arraycopy(full, 156, brief, 140, 4);
        brief[6] = (byte) 144;
        assertThat(decode(brief)).isEqualTo(decode(full));

        byte[] longer = Arrays.copyOf(full, 159);
        System.arraycopy(full, 156, longer, 155, 4);
        longer[6] = (byte) 159;
        assertThat(decode(longer)).isEqualTo(decode(full));
    }

    @Test
    void shouldIgnoreWhatALaterReleaseAppends() throws ProtocolViolation {
        for (String example : new String[] {"CLC_ACCEPT_V2_R_FC", "CLC_CONFIRM_V2_R_FC", "CLC_ACCEPT_V2_D"}) {
            byte[] bytes = Golden.bytes(example);
            byte[] longer = Arrays.copyOf(bytes, bytes.length + 8);
            System.arraycopy(bytes, bytes.length - 4, longer, longer.length - 4, 4);
            longer[6] = (byte) longer.length;
            assertThat(decode(longer)).isEqualTo(decode(bytes));
        }
    }

    @Test
    void shouldReadAConfirmWithoutGidList() throws ProtocolViolation {
        byte[] accept = Golden.bytes("CLC_ACCEPT_V2_R_FC");
        accept[4] = 3;
        ClcConfirmSmcr confirm = (ClcConfirmSmcr) decode(accept);
        assertThat(confirm.gids()).isEmpty();
        assertThat(confirm.extension()).isPresent();
    }

    @Test
    void shouldTellPlainClientsByTheirFirstDifferingByte() {
        byte[] smcr = {(byte) 0xE2, (byte) 0xD4, (byte) 0xC3, (byte) 0xD9, 1};
        byte[] smcd = {(byte) 0xE2, (byte) 0xD4, (byte) 0xC3, (byte) 0xC4};
        for (int length = 0; length <= 4; length++) {
            assertThat(ClcCodec.couldBeClc(smcr, length)).isTrue();
            assertThat(ClcCodec.couldBeClc(smcd, length)).isTrue();
        }
        assertThat(ClcCodec.couldBeClc(smcr, 5)).isTrue();
        byte[] http = "GET / HTTP/1.1".getBytes(StandardCharsets.US_ASCII);
        assertThat(ClcCodec.couldBeClc(http, 0)).isTrue();
        assertThat(ClcCodec.couldBeClc(http, 1)).isFalse();
        for (int at = 0; at < 4; at++) {
            byte[] almost = smcr.clone();
            almost[at] ^= 1;
            assertThat(ClcCodec.couldBeClc(almost, at)).isTrue();
            assertThat(ClcCodec.couldBeClc(almost, at + 1)).isFalse();
        }
    }

    @Test
    void shouldPeekNoFurtherThanTheHeader() throws ProtocolViolation {
        ByteBuffer first8 = ByteBuffer.wrap(Golden.bytes("CLC_PROPOSAL_V2_D"), 0, 8);
        ClcHeader header = ClcCodec.peekHeader(first8);
        assertThat(header).isEqualTo(new ClcHeader(Eyecatcher.SMCR, ClcType.PROPOSAL, 214, 2, 6));
        assertThat(first8.position()).isZero();
    }

    private static ClcMessage decode(byte[] bytes) throws ProtocolViolation {
        return ClcCodec.decode(ByteBuffer.wrap(bytes));
    }
}
