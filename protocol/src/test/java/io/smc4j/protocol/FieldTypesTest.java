package io.smc4j.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldTypesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "fe80::ff:fe00:1",
                "::ffff:10.99.0.1",
                "::",
                "::1",
                "1::",
                "2001:db8::1:0:0:1",
                "2001:0:0:1::1",
                "1:2:3:4:5:6:7:8",
                "1:0:3:4:5:6:7:8",
                "fe80::202:ff:fe00:aabb"
            })
    void shouldPrintGidsAsTheyAreRead(String text) {
        assertThat(Gid.parse(text)).hasToString(text);
    }

    @Test
    void shouldReadAnIpv4AddressAsMappedGid() {
        assertThat(Gid.parse("10.99.0.1"))
                .isEqualTo(Gid.ofIpv4Mapped(0x0A630001))
                .hasToString("::ffff:10.99.0.1");
        assertThat(Gid.parse("10.99.0.1").isIpv4Mapped()).isTrue();
        assertThat(Gid.parse("fe80::1").isIpv4Mapped()).isFalse();
        assertThat(Gid.parse("1::ffff:0:0").isIpv4Mapped()).isFalse();
        assertThat(Gid.NONE.isNone()).isTrue();
        assertThat(Gid.parse("::1").isNone()).isFalse();
        assertThat(Gid.parse("1::").isNone()).isFalse();
    }

    @Test
    void shouldPrintAnyGidSoThatItReadsBack() {
        SplittableRandom random = Seeds.random("gid text");
        for (int i = 0; i < 5_000; i++) {
            long mask = random.nextLong() & random.nextLong();
            Gid gid = new Gid(random.nextLong() & mask, random.nextLong() & mask & random.nextLong());
            assertThat(Gid.parse(gid.toString())).isEqualTo(gid);
            assertThat(Gid.ofBytes(gid.toBytes())).isEqualTo(gid);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "fe80::1%eth0", "[::1]", "1:2:3", "10.99.0.256", "::fffff"})
    void shouldRefuseTextThatIsNoGid(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Gid.parse(text)).withMessageContaining("GID");
    }

    @Test
    void shouldRefuseBytesThatAreNoGid() throws Exception {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Gid.ofBytes(new byte[15]))
                .withMessageContaining("15");
        assertThat(Gid.ofBytes(InetAddress.ofLiteral("fe80::1").getAddress())).hasToString("fe80::1");
    }

    @Test
    void shouldKeepMacAddressesToSixBytes() {
        MacAddress mac = MacAddress.parse("52:54:00:00:01:fE");
        assertThat(mac).isEqualTo(new MacAddress(0x5254000001FEL)).hasToString("52:54:00:00:01:fe");
        assertThat(mac.isNone()).isFalse();
        assertThat(MacAddress.NONE.isNone()).isTrue();
        assertThat(new MacAddress(0xFFFF_FFFF_FFFFL)).hasToString("ff:ff:ff:ff:ff:ff");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MacAddress(1L << 48))
                .withMessageContaining("48 bits");
        assertThatIllegalArgumentException().isThrownBy(() -> new MacAddress(-1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "52:54:00:00:01", "52:54:00:00:01:02:03", "52-54-00-00-01-02", "g2:54:00:00:01:02"})
    void shouldRefuseTextThatIsNoMacAddress(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MacAddress.parse(text))
                .withMessageContaining("MAC");
    }

    @Test
    void shouldBuildPeerIdsFromInstanceAndMac() {
        assertThat(PeerId.of(0x945e, MacAddress.parse("52:54:00:00:01:02"))).hasToString("945e525400000102");
        assertThat(PeerId.NONE.isNone()).isTrue();
        assertThat(new PeerId(1).isNone()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "9", "SMC.RIG.EID", "SMCV2-EXAMPLE-EID", "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", "Z..--"})
    void shouldTakeValidEids(String value) {
        Eid eid = new Eid(value);
        assertThat(eid.toBytes()).hasSize(32);
        String field = new String(eid.toBytes(), StandardCharsets.ISO_8859_1);
        assertThat(field.substring(value.length())).isBlank();
        assertThat(Eid.ofWireText(field)).contains(eid);
        assertThat(eid).hasToString(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " A",
                "A ",
                "a",
                "Aa",
                ".A",
                "-A",
                "A_B",
                "A B",
                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456",
                "A/",
                "A:",
                "A@",
                "A[",
                "\u00c4"
            })
    void shouldRefuseInvalidEids(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Eid(value)).withMessageContaining("enterprise id");
    }

    @Test
    void shouldRefuseWireFieldsThatHoldNoEid() {
        assertThat(Eid.ofWireText("A")).as("not 32 bytes").isEmpty();
        assertThat(Eid.ofWireText(" ".repeat(32))).isEmpty();
        assertThat(Eid.ofWireText("A" + "\0".repeat(31))).isEmpty();
        assertThat(Eid.ofWireText("A" + " ".repeat(31))).contains(new Eid("A"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 16384, 16K",
        "16384, 0, 16384, 16K",
        "16385, 1, 32768, 32K",
        "65536, 2, 65536, 64K",
        "524288, 5, 524288, 512K",
        "524289, 6, 1048576, 1M",
        "536870912, 15, 536870912, 512M"
    })
    void shouldFindTheSmallestSizeClass(long bytes, int code, int size, String text) {
        BufferSizeClass found = BufferSizeClass.atLeast(bytes);
        assertThat(found).isEqualTo(new BufferSizeClass(code)).hasToString(text);
        assertThat(found.bytes()).isEqualTo(size);
    }

    @Test
    void shouldRefuseSizesThatNoClassHas() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BufferSizeClass.atLeast(536870913))
                .withMessageContaining("536870913");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BufferSizeClass(16))
                .withMessageContaining("16");
        assertThatIllegalArgumentException().isThrownBy(() -> new BufferSizeClass(-1));
    }

    @Test
    void shouldKnowThePathMtusOfInfiniBand() {
        for (PathMtu mtu : PathMtu.values()) {
            assertThat(mtu.name().toLowerCase(Locale.ROOT)).isEqualTo("m" + mtu.bytes());
            assertThat(PathMtu.ofCode(mtu.code())).contains(mtu);
        }
        assertThat(PathMtu.M256.code()).isEqualTo(1);
        assertThat(PathMtu.ofCode(0)).isEmpty();
        assertThat(PathMtu.ofCode(6)).isEmpty();
        assertThat(PathMtu.min(PathMtu.M512, PathMtu.M4096)).isEqualTo(PathMtu.M512);
        assertThat(PathMtu.min(PathMtu.M4096, PathMtu.M1024)).isEqualTo(PathMtu.M1024);
        assertThat(PathMtu.atMost(1500)).isEqualTo(PathMtu.M1024);
        assertThat(PathMtu.atMost(4096)).isEqualTo(PathMtu.M4096);
        assertThat(PathMtu.atMost(100)).isEqualTo(PathMtu.M256);
    }

    @ParameterizedTest
    @CsvSource({
        "fe06e2d4c3d9, 0",
        "0101fe06e2d4c3d9, 2",
        "020405b4fe08e2d4c3d90000, 4",
        "fe06e2d4c3c4fe06e2d4c3d9, 6",
        "fe07e2d4c3d900, -1",
        "fe04e2d4, -1",
        "00fe06e2d4c3d9, -1",
        "fd06e2d4c3d9, -1",
        "'', -1",
        "01010101, -1"
    })
    void shouldFindTheTcpOptionAsLinuxDoes(String options, int offset) throws ProtocolViolation {
        ByteBuffer list = ByteBuffer.wrap(HexFormat.of().parseHex(options));
        assertThat(TcpOption.offsetIn(list)).isEqualTo(offset);
        assertThat(TcpOption.isPresent(list)).isEqualTo(offset >= 0);
        assertThat(list.position()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fe", "01fe00", "fe01", "fe06e2d4c3", "0204"})
    void shouldRefuseTcpOptionsThatLeaveTheHeader(String options) {
        ByteBuffer list = ByteBuffer.wrap(HexFormat.of().parseHex(options));
        assertThatExceptionOfType(ProtocolViolation.class)
                .isThrownBy(() -> TcpOption.isPresent(list))
                .satisfies(violation -> assertThat(violation.offset()).isEqualTo(options.startsWith("01") ? 1 : 0));
    }
}
