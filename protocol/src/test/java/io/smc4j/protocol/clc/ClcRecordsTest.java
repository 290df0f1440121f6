package io.smc4j.protocol.clc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.smc4j.protocol.BufferSizeClass;
import io.smc4j.protocol.Eid;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.MacAddress;
import io.smc4j.protocol.PathMtu;
import io.smc4j.protocol.PeerId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A message that may not be sent cannot be made, and the error says which field is wrong. */
class ClcRecordsTest {
    private static final SmcrEndpoint SMCR = smcr(1, 1, 1, 1);
    private static final SmcdEndpoint SMCD = new SmcdEndpoint(1, 2, 0, BufferSizeClass.SMALLEST, 3);
    private static final Optional<Eid> EID = Optional.of(new Eid("A"));
    private static final Optional<SmcdSelection> SELECTION = Optional.of(new SmcdSelection(1, new Eid("A"), 0));
    private static final Optional<FirstContactExtension> FCE = Optional.of(fce(1, 1, "h", 1));

    private static SmcrEndpoint smcr(int qpn, int index, int token, int psn) {
        return new SmcrEndpoint(
                PeerId.NONE,
                Gid.NONE,
                MacAddress.NONE,
                qpn,
                1,
                index,
                token,
                new BufferSizeClass(2),
                PathMtu.M1024,
                0x10000,
                psn);
    }

    private static FirstContactExtension fce(int os, int release, String host, int limits) {
        return new FirstContactExtension(true, os, release, host, limits, limits, limits, limits);
    }

    private static ClcProposal proposal(
            int version,
            SmcType v1,
            SmcType v2,
            Optional<ProposalSmcdArea> area,
            Optional<ProposalPrefixes> prefixes,
            Optional<ProposalV2Extension> extension) {
        return new ClcProposal(version, v1, v2, PeerId.NONE, Gid.NONE, MacAddress.NONE, area, prefixes, extension);
    }

    private static ProposalV2Extension v2(int release, int limit, int features, int ueids) {
        return new ProposalV2Extension(
                release,
                false,
                Gid.NONE,
                limit,
                limit,
                features,
                Collections.nCopies(ueids, new Eid("A")),
                Optional.empty());
    }

    private static final Optional<ProposalSmcdArea> AREA = Optional.of(ProposalSmcdArea.EMPTY);
    private static final Optional<ProposalPrefixes> PREFIXES = Optional.of(ProposalPrefixes.ofIpv4(0xC0000200, 24));
    private static final Optional<ProposalV2Extension> V2 = Optional.of(v2(0, 0, 0, 1));

    static Stream<Arguments> invalid() {
        return Stream.of(
                invalid("queue pair number", () -> smcr(1 << 24, 1, 1, 1)),
                invalid("RMBE index", () -> smcr(1, 0, 1, 1)),
                invalid("RMBE index", () -> smcr(1, 256, 1, 1)),
                invalid("alert token", () -> smcr(1, 1, 0, 1)),
                invalid("PSN", () -> smcr(1, 1, 1, -1)),
                invalid("DMBE index", () -> new SmcdEndpoint(1, 2, 256, BufferSizeClass.SMALLEST, 3)),
                invalid("CHID", () -> new SmcdSelection(65536, new Eid("A"), 0)),
                invalid("OS type", () -> fce(16, 1, "h", 1)),
                invalid("release", () -> fce(1, 16, "h", 1)),
                invalid("max connections", () -> new FirstContactExtension(true, 1, 1, "h", 256, 1, 1, 1)),
                invalid("max links", () -> new FirstContactExtension(true, 1, 1, "h", 1, 256, 1, 1)),
                invalid("feature mask", () -> new FirstContactExtension(true, 1, 1, "h", 1, 1, 65536, 1)),
                invalid("host name", () -> fce(1, 1, "h".repeat(33), 1)),
                invalid("host name", () -> fce(1, 1, "h ", 1)),
                invalid("host name", () -> fce(1, 1, "\u20ac", 1)),
                invalid("version", () -> new ClcAcceptSmcr(0, false, SMCR, Optional.empty(), Optional.empty())),
                invalid("version", () -> new ClcAcceptSmcr(16, false, SMCR, EID, Optional.empty())),
                invalid("EID", () -> new ClcAcceptSmcr(1, false, SMCR, EID, Optional.empty())),
                invalid("EID", () -> new ClcAcceptSmcr(2, false, SMCR, Optional.empty(), Optional.empty())),
                invalid("first contact", () -> new ClcAcceptSmcr(2, true, SMCR, EID, Optional.empty())),
                invalid("first contact", () -> new ClcAcceptSmcr(2, false, SMCR, EID, FCE)),
                invalid("first contact", () -> new ClcAcceptSmcr(1, true, SMCR, Optional.empty(), FCE)),
                invalid("EID", () -> new ClcConfirmSmcr(1, false, SMCR, EID, Optional.empty(), List.of())),
                invalid("GIDs", () -> new ClcConfirmSmcr(2, false, SMCR, EID, Optional.empty(), List.of(Gid.NONE))),
                invalid("GIDs", () -> new ClcConfirmSmcr(2, true, SMCR, EID, FCE, Collections.nCopies(256, Gid.NONE))),
                invalid("EID", () -> new ClcAcceptSmcd(1, false, SMCD, SELECTION, Optional.empty())),
                invalid("EID", () -> new ClcConfirmSmcd(2, false, SMCD, Optional.empty(), Optional.empty())),
                invalid("release 0", () -> new ClcAcceptSmcd(2, true, SMCD, SELECTION, Optional.of(fce(1, 0, "h", 1)))),
                invalid(
                        "release 0",
                        () -> new ClcConfirmSmcd(2, true, SMCD, SELECTION, Optional.of(fce(1, 0, "h", 1)))),
                invalid("version", () -> new ClcDecline(0, false, PeerId.NONE, 1, 0, List.of())),
                invalid("OS type", () -> new ClcDecline(1, false, PeerId.NONE, 1, 1, List.of())),
                invalid("OS type", () -> new ClcDecline(2, false, PeerId.NONE, 1, 16, List.of(0, 0, 0, 0))),
                invalid("additional", () -> new ClcDecline(1, false, PeerId.NONE, 1, 0, List.of(0, 0, 0, 0))),
                invalid("additional", () -> new ClcDecline(2, false, PeerId.NONE, 1, 0, List.of(0))),
                invalid("version", () -> proposal(16, SmcType.R, SmcType.NONE, AREA, PREFIXES, Optional.empty())),
                invalid(
                        "offers SMC-R",
                        () -> proposal(1, SmcType.NONE, SmcType.NONE, AREA, Optional.empty(), Optional.empty())),
                invalid("nothing of version 2", () -> proposal(1, SmcType.R, SmcType.R, AREA, PREFIXES, V2)),
                invalid(
                        "SMC-D area",
                        () -> proposal(2, SmcType.R, SmcType.NONE, Optional.empty(), PREFIXES, Optional.empty())),
                invalid(
                        "SMC-D area",
                        () -> proposal(1, SmcType.D, SmcType.NONE, Optional.empty(), PREFIXES, Optional.empty())),
                invalid("prefixes", () -> proposal(2, SmcType.R, SmcType.R, AREA, Optional.empty(), V2)),
                invalid("prefixes", () -> proposal(2, SmcType.NONE, SmcType.R, AREA, PREFIXES, V2)),
                invalid("version 2 extension", () -> proposal(2, SmcType.R, SmcType.NONE, AREA, PREFIXES, V2)),
                invalid(
                        "version 2 extension",
                        () -> proposal(2, SmcType.R, SmcType.D, AREA, PREFIXES, Optional.empty())),
                invalid(
                        "8 or less",
                        () -> proposal(
                                2,
                                SmcType.NONE,
                                SmcType.R,
                                Optional.of(new ProposalSmcdArea(9, 0, 0, 0)),
                                Optional.empty(),
                                V2)),
                invalid("release", () -> v2(16, 0, 0, 0)),
                invalid("max connections", () -> v2(0, 256, 0, 0)),
                invalid(
                        "max links",
                        () -> new ProposalV2Extension(1, false, Gid.NONE, 0, 256, 0, List.of(), Optional.empty())),
                invalid("feature mask", () -> v2(0, 0, 65536, 0)),
                invalid("UEIDs", () -> v2(0, 0, 0, 9)),
                invalid("CHID", () -> new ProposalV2Extension.IsmEntry(0, 65536)),
                invalid(
                        "ISM entries",
                        () -> new ProposalV2Extension.SmcdV2(
                                Optional.empty(), Collections.nCopies(9, new ProposalV2Extension.IsmEntry(0, 0)))),
                invalid("CHID", () -> new ProposalSmcdArea(0, -1, 0, 0)),
                invalid("OUI", () -> new ProposalSmcdArea(0, 0, 1 << 24, 0)),
                invalid("vendor options", () -> new ProposalSmcdArea(0, 0, 0, 1L << 40)),
                invalid("IPv4 prefix length", () -> ProposalPrefixes.ofIpv4(0, 256)),
                invalid("IPv6 prefix length", () -> new ProposalPrefixes.Ipv6Prefix(Gid.NONE, -1)),
                invalid(
                        "IPv6 prefixes",
                        () -> new ProposalPrefixes(
                                0, 0, Collections.nCopies(9, new ProposalPrefixes.Ipv6Prefix(Gid.NONE, 64)))),
                invalid("length", () -> new ClcHeader(Eyecatcher.SMCR, ClcType.DECLINE, 45, 2, 0)),
                invalid("version", () -> new ClcHeader(Eyecatcher.SMCR, ClcType.DECLINE, 44, 0, 0)),
                invalid("flags", () -> new ClcHeader(Eyecatcher.SMCR, ClcType.DECLINE, 44, 2, 16)));
    }

    private static Arguments invalid(String words, ThrowingCallable making) {
        return Arguments.of(words, making);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalid")
    void shouldRefuseToMake(String words, ThrowingCallable making) {
        assertThatIllegalArgumentException().isThrownBy(making).withMessageContaining(words);
    }

    @Test
    void shouldRefuseAnSmcdExtensionWithoutOffer() {
        ProposalV2Extension withSmcd = new ProposalV2Extension(
                0,
                false,
                Gid.NONE,
                0,
                0,
                0,
                List.of(),
                Optional.of(new ProposalV2Extension.SmcdV2(Optional.empty(), List.of())));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> proposal(2, SmcType.R, SmcType.R, AREA, PREFIXES, Optional.of(withSmcd)))
                .withMessageContaining("needs an offer of SMC-D");
        assertThat(proposal(2, SmcType.R, SmcType.BOTH, AREA, PREFIXES, Optional.of(withSmcd))
                        .type())
                .isEqualTo(ClcType.PROPOSAL);
    }

    @Test
    void shouldNotSeeLaterChangesOfTheListsItWasMadeOf() {
        List<Gid> gids = new ArrayList<>(List.of(Gid.NONE));
        ClcConfirmSmcr confirm = new ClcConfirmSmcr(2, true, SMCR, EID, FCE, gids);
        gids.clear();
        assertThat(confirm.gids()).hasSize(1);
        assertThat(confirm.type()).isEqualTo(ClcType.CONFIRM);
    }

    @Test
    void shouldDeclineAsLinuxDoes() {
        PeerId peer = new PeerId(5);
        assertThat(ClcDecline.of(2, peer, DiagnosisCode.NOSMCDEV))
                .isEqualTo(new ClcDecline(2, false, peer, 0x03030000, 2, List.of(0, 0, 0, 0)));
        assertThat(ClcDecline.of(1, peer, DiagnosisCode.SYNCERR))
                .isEqualTo(new ClcDecline(1, true, peer, 0x04000000, 0, List.of()));
        assertThat(ClcDecline.of(1, peer, DiagnosisCode.SYNCERR).knownDiagnosis())
                .contains(DiagnosisCode.SYNCERR);
        assertThat(new ClcDecline(1, false, peer, 0x99990000, 0, List.of()).knownDiagnosis())
                .isEmpty();
    }

    @Test
    void shouldFindTheElementOfAnRmb() {
        assertThat(smcr(1, 1, 1, 1).rmbeAddress()).isEqualTo(0x10000);
        assertThat(smcr(1, 3, 1, 1).rmbeAddress()).isEqualTo(0x10000 + 2 * 65536);
        SmcrEndpoint far = new SmcrEndpoint(
                PeerId.NONE, Gid.NONE, MacAddress.NONE, 1, 1, 255, 1, BufferSizeClass.LARGEST, PathMtu.M256, 0, 1);
        assertThat(far.rmbeAddress()).isEqualTo(254L << 29);
    }

    @Test
    void shouldKnowWhatTypesOffer() {
        assertThat(SmcType.of(true, true)).isEqualTo(SmcType.BOTH);
        assertThat(SmcType.of(true, false)).isEqualTo(SmcType.R);
        assertThat(SmcType.of(false, true)).isEqualTo(SmcType.D);
        assertThat(SmcType.of(false, false)).isEqualTo(SmcType.NONE);
        for (SmcType type : SmcType.values()) {
            assertThat(SmcType.of(type.offersR(), type.offersD())).isEqualTo(type);
            assertThat(SmcType.ofBits(type.code() | 0xF0)).isEqualTo(type);
        }
    }

    @Test
    void shouldKnowEmulatedFabricsAndAsciiNames() {
        assertThat(new ProposalV2Extension.IsmEntry(1, 0xFF00).emulated()).isTrue();
        assertThat(new ProposalV2Extension.IsmEntry(1, 0xFFFF).emulated()).isTrue();
        assertThat(new ProposalV2Extension.IsmEntry(1, 0xFEFF).emulated()).isFalse();
        assertThat(fce(1, 1, "host", 1).hasAsciiHostName()).isTrue();
        assertThat(fce(1, 1, "h\u00f6st", 1).hasAsciiHostName()).isFalse();
        assertThat(fce(1, 1, "h\u0080st", 1).hasAsciiHostName()).isFalse();
    }
}
