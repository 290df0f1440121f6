package io.smc4j.protocol.llc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.smc4j.protocol.Gid;
import io.smc4j.protocol.Golden;
import io.smc4j.protocol.MacAddress;
import io.smc4j.protocol.PathMtu;
import io.smc4j.protocol.ProtocolViolation;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class LlcMessagesTest {
    private static final MacAddress MAC = MacAddress.parse("02:00:00:aa:bb:12");
    private static final Gid GID = Gid.parse("fe80::ff:feaa:bb02");
    private static final Optional<LlcAddLink.Extension> NO_RKEYS =
            Optional.of(LlcAddLink.Extension.of(true, GID, List.of()));

    private static LlcAddLink addLink(
            int version, int rejectReason, int qpn, int link, int psn, Optional<LlcAddLink.Extension> extension) {
        return new LlcAddLink(
                version, false, false, rejectReason, MAC, GID, qpn, link, Optional.of(PathMtu.M1024), psn, extension);
    }

    private static LlcConfirmLink confirmLink(int version, int flags, int qpn, int link, int links, int connections) {
        return new LlcConfirmLink(version, false, flags, MAC, GID, qpn, link, 1, links, connections);
    }

    @Test
    void shouldRejectAnAddLinkAsLinuxDoes() throws ProtocolViolation {
        LlcAddLink request = (LlcAddLink) decode(Golden.bytes("LLC_ADD_LINK_REQ"));
        assertThat(LlcCodec.encode(request.reject())).isEqualTo(Golden.bytes("LLC_ADD_LINK_REJ"));
        assertThat(decode(Golden.bytes("LLC_ADD_LINK_REJ"))).isEqualTo(request.reject());

        LlcAddLink request2 = (LlcAddLink) decode(Golden.bytes("LLC_ADD_LINK_V2_REQ_LE"));
        assertThat(LlcCodec.encode(request2.reject())).hasSize(44).startsWith(0x22, 44, 0, 0xC0);
    }

    @Test
    void shouldKnowAnInvitation() {
        LlcAddLink invitation =
                new LlcAddLink(1, false, false, 0, MAC, GID, 0, 0, Optional.empty(), 0, Optional.empty());
        assertThat(invitation.isInvitation()).isTrue();
        assertThat(addLink(1, 0, 5, 2, 7, Optional.empty()).isInvitation()).isFalse();
        assertThat(invitation.reject().isInvitation()).isFalse();
        assertThat(new LlcAddLink(1, false, false, 0, MAC, GID, 1, 0, Optional.empty(), 0, Optional.empty())
                        .isInvitation())
                .isFalse();
        assertThat(new LlcAddLink(1, false, false, 0, MAC, GID, 0, 1, Optional.empty(), 0, Optional.empty())
                        .isInvitation())
                .isFalse();
        assertThat(new LlcAddLink(1, false, false, 0, MAC, GID, 0, 0, Optional.of(PathMtu.M256), 0, Optional.empty())
                        .isInvitation())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "true, false, false, false, false, false",
        "false, true, false, false, false, false",
        "false, false, true, false, false, false",
        "false, false, false, true, false, false",
        "false, false, false, false, true, false",
        "false, false, false, false, false, true"
    })
    void shouldTakeAnyFieldForTheBodyOfAnAddLink(
            boolean mac, boolean gid, boolean qpn, boolean link, boolean mtu, boolean psn) throws ProtocolViolation {
        LlcAddLink least = new LlcAddLink(
                1,
                false,
                false,
                0,
                mac ? new MacAddress(1) : MacAddress.NONE,
                gid ? new Gid(0, 1) : Gid.NONE,
                qpn ? 1 : 0,
                link ? 1 : 0,
                mtu ? Optional.of(PathMtu.M256) : Optional.empty(),
                psn ? 1 : 0,
                Optional.empty());
        assertThat(decode(LlcCodec.encode(least))).isEqualTo(least);
    }

    @Test
    void shouldCountMoreRkeysThanItCarriesAsLinuxDoes() throws ProtocolViolation {
        byte[] bytes = Golden.bytes("LLC_ADD_LINK_V2_REQ_LE");
        bytes[70] = 5;
        LlcAddLink addLink = (LlcAddLink) decode(bytes);
        assertThat(addLink.extension().orElseThrow().announcedRkeys()).isEqualTo(5);
        assertThat(addLink.extension().orElseThrow().rkeys()).hasSize(1);
        assertThat(LlcCodec.encode(addLink)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @EnumSource(LlcByteOrder.class)
    void shouldTellTheByteOrderByTheCountWhereTheLengthDoesNot(LlcByteOrder order) throws ProtocolViolation {
        LlcAddLink one = (LlcAddLink) decode(Golden.bytes("LLC_ADD_LINK_V2_REQ_LE"));
        LlcAddLink.Extension few = one.extension().orElseThrow();
        for (int announced : new int[] {124, 255, 256}) { // 256 is 1 in the other order
            LlcAddLink many = new LlcAddLink(
                    one.version(),
                    one.response(),
                    one.rejected(),
                    one.rejectReason(),
                    one.mac(),
                    one.gid(),
                    one.qpNumber(),
                    one.linkNumber(),
                    one.mtu(),
                    one.psn(),
                    Optional.of(new LlcAddLink.Extension(
                            few.direct(),
                            few.targetGid(),
                            announced,
                            Collections.nCopies(124, few.rkeys().getFirst()))));
            byte[] bytes = LlcCodec.encode(many, order);
            assertThat(bytes).hasSize(0x0808);
            assertThat(decode(bytes)).isEqualTo(many);
            assertThat(LlcCodec.byteOrderOf(ByteBuffer.wrap(bytes))).isEqualTo(order);
        }
    }

    @Test
    void shouldReadBothByteOrdersOfVersion2() throws ProtocolViolation {
        byte[] little = Golden.bytes("LLC_ADD_LINK_V2_REQ_LE");
        byte[] big = little.clone();
        big[1] = 0;
        big[2] = 88;
        big[70] = 0;
        big[71] = 1;
        assertThat(decode(big)).isEqualTo(decode(little));
        assertThat(LlcCodec.byteOrderOf(ByteBuffer.wrap(big))).isEqualTo(LlcByteOrder.BIG_ENDIAN);
        assertThat(LlcCodec.byteOrderOf(ByteBuffer.wrap(little))).isEqualTo(LlcByteOrder.LITTLE_ENDIAN);
        assertThat(LlcCodec.byteOrderOf(ByteBuffer.wrap(Golden.bytes("LLC_TEST_LINK_REQ"))))
                .isEqualTo(LlcByteOrder.LITTLE_ENDIAN);
        assertThat(LlcCodec.encode(decode(big), LlcByteOrder.BIG_ENDIAN)).isEqualTo(big);
    }

    @Test
    void shouldAnswerKeepalivesWithTheirContent() throws ProtocolViolation {
        LlcTestLink request = new LlcTestLink(1, false, 0x0102030405060708L, -2);
        assertThat(request.answer()).isEqualTo(new LlcTestLink(1, true, 0x0102030405060708L, -2));
        assertThat(LlcCodec.encode(LlcTestLink.request(2).answer())).isEqualTo(Golden.bytes("LLC_TEST_LINK_V2_RSP_LE"));
        assertThat(LlcCodec.encode(LlcTestLink.request(1))).isEqualTo(Golden.bytes("LLC_TEST_LINK_REQ"));
    }

    @Test
    void shouldAnswerConfirmRkeys() {
        LlcConfirmRkey request = LlcConfirmRkey.request(1, 7, 9, List.of(new LinkRtoken(2, 8, 10)));
        assertThat(request.announcedAdditional()).isEqualTo(1);
        assertThat(LlcCodec.encode(request.answer(true))[3]).isEqualTo((byte) 0x80);
        assertThat(LlcCodec.encode(request.answer(false))[3]).isEqualTo((byte) 0xB0);
        assertThat(request.answer(false).additional()).isEqualTo(request.additional());
    }

    @Test
    void shouldAnswerDeleteRkeysOfVersion1WithAMask() throws ProtocolViolation {
        LlcDeleteRkey request = (LlcDeleteRkey) decode(Golden.bytes("LLC_DELETE_RKEY_REQ"));
        assertThat(LlcCodec.encode(request.answer(List.of(0)))).isEqualTo(Golden.bytes("LLC_DELETE_RKEY_RSP_NEG"));
        LlcDeleteRkey eight = LlcDeleteRkey.request(1, List.of(1, 2, 3, 4, 5, 6, 7, 8));
        assertThat(eight.answer(List.of(1, 7)).status()).isEqualTo(0x41);
        assertThat(eight.answer(List.of()).negative()).isFalse();
        assertThat(eight.answer(List.of()).response()).isTrue();
        assertThat(eight.answer(List.of()).status()).isZero();
    }

    @Test
    void shouldAnswerDeleteRkeysOfVersion2WithACount() throws ProtocolViolation {
        LlcDeleteRkey many = LlcDeleteRkey.request(2, Collections.nCopies(20, 7));
        LlcDeleteRkey answer = many.answer(List.of(3, 4, 5));
        assertThat(answer.status()).isEqualTo(3);
        assertThat(answer.negative()).isTrue();
        assertThat(answer.rkeys()).hasSize(9).containsOnly(0);
        assertThat(LlcCodec.encode(answer)).hasSize(44);
        assertThat(decode(LlcCodec.encode(answer))).isEqualTo(answer);
    }

    @Test
    void shouldTellLlcFromCdcByTheFirstByte() {
        assertThat(LlcCodec.isLlc((byte) 0xFE)).isFalse();
        assertThat(LlcCodec.isLlc((byte) 0x01)).isTrue();
        assertThat(LlcCodec.isLlc((byte) 0x29)).isTrue();
    }

    @Test
    void shouldTakeEitherBitForNoEyecatchers() {
        assertThat(confirmLink(1, 0, 1, 1, 2, 0).acceptsNoEyecatchers()).isFalse();
        assertThat(confirmLink(1, 1, 1, 1, 2, 0).acceptsNoEyecatchers()).isTrue();
        assertThat(confirmLink(1, 2, 1, 1, 2, 0).acceptsNoEyecatchers()).isTrue();
    }

    @Test
    void shouldExplainDeleteReasons() throws ProtocolViolation {
        LlcDeleteLink all = (LlcDeleteLink) decode(Golden.bytes("LLC_DELETE_LINK_ALL"));
        assertThat(all.all()).isTrue();
        assertThat(all.orderly()).isTrue();
        assertThat(all.knownReason()).contains(DeleteReason.PROGRAM);
        assertThat(new LlcDeleteLink(2, true, false, false, 1, 0).knownReason()).isEmpty();
        assertThat(Stream.of(DeleteReason.values()).map(DeleteReason::code))
                .containsExactly(0x00010000, 0x00020000, 0x00030000, 0x00040000, 0x00050000, 0x00100000, 0x00200000);
        assertThat(DeleteReason.values()).allSatisfy(reason -> {
            assertThat(DeleteReason.of(reason.code())).contains(reason);
            assertThat(reason.meaning()).isNotBlank();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "LLC_CONFIRM_LINK_REQ, 43",
        "LLC_ADD_LINK_REQ, 10",
        "LLC_ADD_LINK_REQ, 36",
        "LLC_ADD_LINK_REQ, 2",
        "LLC_ADD_LINK_V2_REQ_LE, 45",
        "LLC_ADD_LINK_V2_REQ_LE, 62",
        "LLC_ADD_LINK_CONT_REQ, 6",
        "LLC_ADD_LINK_CONT_REQ, 24",
        "LLC_ADD_LINK_CONT_REQ, 40",
        "LLC_DELETE_LINK_REQ, 9",
        "LLC_CONFIRM_RKEY_REQ, 30",
        "LLC_CONFIRM_RKEY_REQ, 43",
        "LLC_DELETE_RKEY_REQ, 6",
        "LLC_DELETE_RKEY_REQ, 12",
        "LLC_TEST_LINK_REQ, 20",
        "LLC_REQ_ADD_LINK_V2_LE, 4",
        "LLC_REQ_ADD_LINK_V2_LE, 25"
    })
    void shouldIgnoreReservedBytes(String example, int at) throws ProtocolViolation {
        byte[] bytes = Golden.bytes(example);
        byte[] dirty = bytes.clone();
        dirty[at] = (byte) 0xFF;
        assertThat(decode(dirty)).isEqualTo(decode(bytes));
    }

    static Stream<Arguments> invalid() {
        AddLinkRkey rkey = new AddLinkRkey(1, 2, 3);
        LinkRtoken rtoken = new LinkRtoken(1, 2, 3);
        return Stream.of(
                invalid("version 3", () -> confirmLink(3, 3, 1, 1, 2, 0)),
                invalid("version 0", () -> LlcTestLink.request(0)),
                invalid("flags", () -> confirmLink(1, 4, 1, 1, 2, 0)),
                invalid("queue pair", () -> confirmLink(1, 3, 1 << 24, 1, 2, 0)),
                invalid("link number", () -> confirmLink(1, 3, 1, 0, 2, 0)),
                invalid("max links", () -> confirmLink(1, 3, 1, 1, 256, 0)),
                invalid("max connections", () -> confirmLink(1, 3, 1, 1, 2, 256)),
                invalid("reject reason", () -> addLink(1, 16, 1, 1, 1, Optional.empty())),
                invalid("reject reason", () -> addLink(2, 1, 1, 1, 1, Optional.empty())),
                invalid("version", () -> addLink(3, 0, 1, 1, 1, Optional.empty())),
                invalid("queue pair", () -> addLink(1, 0, -1, 1, 1, Optional.empty())),
                invalid("link number", () -> addLink(1, 0, 1, 256, 1, Optional.empty())),
                invalid("PSN", () -> addLink(1, 0, 1, 1, 1 << 24, Optional.empty())),
                invalid("extension", () -> addLink(1, 0, 1, 1, 1, NO_RKEYS)),
                invalid(
                        "never sent",
                        () -> new LlcAddLink(
                                1,
                                false,
                                false,
                                0,
                                MacAddress.NONE,
                                Gid.NONE,
                                0,
                                0,
                                Optional.empty(),
                                0,
                                Optional.empty())),
                invalid("rkeys", () -> LlcAddLink.Extension.of(true, GID, Collections.nCopies(256, rkey))),
                invalid("announced", () -> new LlcAddLink.Extension(true, GID, 0, List.of(rkey))),
                invalid("announced", () -> new LlcAddLink.Extension(true, GID, 65536, List.of())),
                invalid("link number", () -> new LlcAddLinkContinue(false, 256, 0, List.of())),
                invalid("rkeys left", () -> new LlcAddLinkContinue(false, 1, 256, List.of(rkey, rkey))),
                invalid("number of rkeys", () -> new LlcAddLinkContinue(false, 1, 3, List.of(rkey))),
                invalid("number of rkeys", () -> new LlcAddLinkContinue(false, 1, 1, List.of(rkey, rkey))),
                invalid("link number", () -> new LlcDeleteLink(1, false, false, false, 256, 0)),
                invalid("version", () -> new LlcDeleteLink(3, false, false, false, 1, 0)),
                invalid("GIDs", () -> new LlcRequestAddLink(false, Collections.nCopies(256, GID))),
                invalid("version", () -> LlcConfirmRkey.request(3, 1, 1, List.of())),
                invalid(
                        "additional",
                        () -> new LlcConfirmRkey(1, false, false, false, 1, 1, 256, List.of(rtoken, rtoken))),
                invalid("additional", () -> LlcConfirmRkey.request(1, 1, 1, List.of(rtoken, rtoken, rtoken))),
                invalid("additional", () -> new LlcConfirmRkey(1, false, false, false, 1, 1, 2, List.of(rtoken))),
                invalid("remaining", () -> new LlcConfirmRkeyContinue(false, 256, List.of(rtoken, rtoken, rtoken))),
                invalid("rtokens", () -> new LlcConfirmRkeyContinue(false, 4, List.of(rtoken))),
                invalid("link number", () -> new LinkRtoken(256, 1, 1)),
                invalid("rkeys to delete", () -> LlcDeleteRkey.request(1, List.of())),
                invalid("rkeys to delete", () -> LlcDeleteRkey.request(1, Collections.nCopies(9, 1))),
                invalid("rkeys to delete", () -> LlcDeleteRkey.request(2, Collections.nCopies(256, 1))),
                invalid("version", () -> LlcDeleteRkey.request(3, List.of(1))),
                invalid("status", () -> new LlcDeleteRkey(1, true, false, 1, 256, List.of(1))),
                invalid("in the message", () -> new LlcDeleteRkey(1, true, false, 2, 0, List.of(1))),
                invalid("in the message", () -> new LlcDeleteRkey(2, false, false, 10, 0, Collections.nCopies(9, 1))),
                invalid("in the message", () -> new LlcDeleteRkey(2, true, false, 10, 0, Collections.nCopies(8, 1))),
                invalid("in the message", () -> new LlcDeleteRkey(2, true, false, 1, 0, List.of(1, 2))));
    }

    private static Arguments invalid(String words, ThrowingCallable making) {
        return Arguments.of(words, making);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalid")
    void shouldRefuseToMake(String words, ThrowingCallable making) {
        assertThatIllegalArgumentException().isThrownBy(making).withMessageContaining(words);
    }

    private static LlcMessage decode(byte[] bytes) throws ProtocolViolation {
        return LlcCodec.decode(ByteBuffer.wrap(bytes));
    }
}
