package io.smc4j.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.protocol.Captures.Found;
import io.smc4j.protocol.Captures.Kind;
import io.smc4j.protocol.cdc.CdcCodec;
import io.smc4j.protocol.cdc.CdcFlags;
import io.smc4j.protocol.cdc.CdcMessage;
import io.smc4j.protocol.cdc.Cursor;
import io.smc4j.protocol.clc.ClcAcceptSmcr;
import io.smc4j.protocol.clc.ClcCodec;
import io.smc4j.protocol.clc.ClcProposal;
import io.smc4j.protocol.clc.FirstContactExtension;
import io.smc4j.protocol.clc.ProposalV2Extension;
import io.smc4j.protocol.llc.LlcAddLink;
import io.smc4j.protocol.llc.LlcByteOrder;
import io.smc4j.protocol.llc.LlcCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What two Linux kernels said to each other decodes, means what it should, and encodes to the same bytes. */
class CaptureTest {
    static Stream<Found> messages() {
        return Captures.all().stream().filter(found -> found.kind() != Kind.SYN_OPTIONS);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void shouldRoundTripEveryMessage(Found found) throws ProtocolViolation {
        byte[] again = switch (found.kind()) {
            case CLC -> ClcCodec.encode(ClcCodec.decode(found.buffer()));
            case LLC -> LlcCodec.encode(LlcCodec.decode(found.buffer()), LlcCodec.byteOrderOf(found.buffer()));
            case CDC -> CdcCodec.encode(CdcCodec.decode(found.buffer()));
            case SYN_OPTIONS -> throw new AssertionError();
        };
        assertThat(again).isEqualTo(found.bytes());
    }

    @Test
    void shouldFindTheTcpOptionWhereKernelsSentIt() throws ProtocolViolation {
        assertThat(optionsIn("a")).containsExactly(true, true, true, true);
        assertThat(optionsIn("k612_echo_close")).containsExactly(true, true);
        assertThat(optionsIn("e1_smc_client_tcp_server")).containsExactly(true, false);
        assertThat(optionsIn("e2_tcp_client_smc_server")).containsExactly(false, false);
        assertThat(optionsIn("k612_fallback_no_smc")).containsExactly(true, false);
    }

    private static List<Boolean> optionsIn(String capture) throws ProtocolViolation {
        List<Boolean> present = new ArrayList<>();
        for (Found found : Captures.all()) {
            if (found.capture().equals(capture) && found.kind() == Kind.SYN_OPTIONS) {
                present.add(TcpOption.isPresent(found.buffer()));
            }
        }
        return present;
    }

    @Test
    void shouldReadTheAcceptOfARelease1Server() throws ProtocolViolation {
        ClcAcceptSmcr accept =
                (ClcAcceptSmcr) ClcCodec.decode(frame("k612_echo_close", 6).buffer());
        assertThat(accept.version()).isEqualTo(2);
        assertThat(accept.firstContact()).isTrue();
        assertThat(accept.eid()).contains(new Eid("SMC.RIG.EID"));
        assertThat(accept.endpoint().peerId()).hasToString("945e525400000102");
        assertThat(accept.endpoint().gid()).isEqualTo(Gid.parse("10.99.0.2"));
        assertThat(accept.endpoint().mac()).hasToString("52:54:00:00:01:02");
        assertThat(accept.endpoint().qpNumber()).isEqualTo(0x11);
        assertThat(accept.endpoint().rkey()).isEqualTo(0x3c4);
        assertThat(accept.endpoint().alertToken()).isEqualTo(5);
        assertThat(accept.endpoint().rmbeSize()).hasToString("64K");
        assertThat(accept.endpoint().mtu()).isEqualTo(PathMtu.M1024);
        assertThat(accept.endpoint().rmbeAddress()).isEqualTo(0xff16baf385450000L);
        assertThat(accept.endpoint().psn()).isEqualTo(0xc573c7);
        assertThat(accept.extension())
                .contains(new FirstContactExtension(
                        true, FirstContactExtension.OS_LINUX, 1, "guestB", 255, 2, 0x0001, 0));
    }

    @Test
    void shouldReadTheLimitsInARelease1Proposal() throws ProtocolViolation {
        ClcProposal proposal =
                (ClcProposal) ClcCodec.decode(frame("k612_echo_close", 4).buffer());
        ProposalV2Extension v2 = proposal.v2().orElseThrow();
        assertThat(v2.release()).isEqualTo(1);
        assertThat(v2.maxConnections()).isEqualTo(255);
        assertThat(v2.maxLinks()).isEqualTo(2);
        assertThat(v2.ueids()).containsExactly(new Eid("SMC.RIG.EID"));
    }

    @Test
    void shouldReadTheRkeysOfALittleEndianAddLink() throws ProtocolViolation {
        Found found = frame("k612_echo_close", 13);
        LlcAddLink addLink = (LlcAddLink) LlcCodec.decode(found.buffer());
        assertThat(LlcCodec.byteOrderOf(found.buffer())).isEqualTo(LlcByteOrder.LITTLE_ENDIAN);
        LlcAddLink.Extension extension = addLink.extension().orElseThrow();
        assertThat(extension.announcedRkeys()).isEqualTo(1);
        assertThat(extension.rkeys()).singleElement().satisfies(rkey -> {
            assertThat(rkey.rkeyOnCarryingLink()).isEqualTo(0x3c4);
            assertThat(rkey.rkeyOnNewLink()).isEqualTo(0x56c);
            assertThat(rkey.addressOnNewLink()).isEqualTo(0xff16baf385450000L);
        });
        assertThat(LlcCodec.decode(frame("k612_echo_close", 15).buffer())).isEqualTo(addLink.reject());
    }

    @Test
    void shouldReadTheCdcThatClosesAConnection() throws ProtocolViolation {
        assertThat(CdcCodec.decode(frame("k612_echo_close", 43).buffer()))
                .isEqualTo(new CdcMessage(4, 5, new Cursor(0, 192), new Cursor(0, 192), 0, CdcFlags.CLOSED));
    }

    private static Found frame(String capture, int frame) {
        return Captures.all().stream()
                .filter(found -> found.capture().equals(capture) && found.frame() == frame)
                .findFirst()
                .orElseThrow();
    }
}
