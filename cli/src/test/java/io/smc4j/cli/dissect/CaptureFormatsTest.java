package io.smc4j.cli.dissect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The same message is found however the frame around it was captured. */
class CaptureFormatsTest {
    private static final byte[] NONE = new byte[0];
    private static final byte[] CDC = Examples.bytes("CDC_DATA");
    private static final byte[] IPV4 = Packets.ipv4(1, 2, 17, Packets.udp(Packets.infiniband(4, 0x11, 7, NONE, CDC)));
    private static final byte[] UDP = Packets.udp(Packets.infiniband(4, 0x11, 7, NONE, CDC));

    static Stream<Arguments> captures() {
        byte[] macs = Packets.hex("525400000102525400000101");
        byte[] ethernet = Packets.ethernet(IPV4);
        byte[] hopByHop = Packets.hex("3c00010400000000"); // then destination options
        byte[] destination = Packets.hex("1101010400000000" + "0000000000000000"); // then UDP
        return Stream.of(
                Arguments.of("Ethernet", Pcap.ethernet(ethernet)),
                Arguments.of("VLAN", Pcap.ethernet(Packets.join(macs, Packets.hex("8100006408" + "00"), IPV4))),
                Arguments.of("two VLANs", Pcap.ethernet(Packets.join(macs, Packets.hex("88a80001810000640800"), IPV4))),
                Arguments.of("big-endian", Pcap.of(ByteOrder.BIG_ENDIAN, 0xA1B2C3D4, 1, 65_535, ethernet)),
                Arguments.of("nanoseconds", Pcap.of(ByteOrder.LITTLE_ENDIAN, 0xA1B23C4D, 1, 65_535, ethernet)),
                Arguments.of("with padding", Pcap.ethernet(Packets.join(ethernet, new byte[12]))),
                Arguments.of(
                        "Linux cooked",
                        Pcap.of(113, Packets.join(Packets.hex("0000000100065254000001010000" + "0800"), IPV4))),
                Arguments.of(
                        "Linux cooked 2",
                        Pcap.of(276, Packets.join(Packets.hex("0800000000000003000100065254000001010000"), IPV4))),
                Arguments.of("raw", Pcap.of(101, IPV4)),
                Arguments.of("raw IPv4", Pcap.of(228, IPV4)),
                Arguments.of("loopback", Pcap.of(0, Packets.join(Packets.hex("02000000"), IPV4))),
                Arguments.of("pcapng", Pcap.ng(ByteOrder.LITTLE_ENDIAN, 1, ethernet)),
                Arguments.of("big-endian pcapng", Pcap.ng(ByteOrder.BIG_ENDIAN, 1, ethernet)),
                Arguments.of("IPv6", Pcap.ethernet(Packets.ethernet(Packets.ipv6(1, 2, 17, NONE, UDP)))),
                Arguments.of(
                        "IPv6 with extensions",
                        Pcap.ethernet(
                                Packets.ethernet(Packets.ipv6(1, 2, 0, Packets.join(hopByHop, destination), UDP)))),
                Arguments.of("segmentation offload", Pcap.ethernet(withLength0(ethernet))));
    }

    private static byte[] withLength0(byte[] ethernet) {
        byte[] copy = ethernet.clone();
        copy[16] = 0;
        copy[17] = 0;
        return copy;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("captures")
    void shouldFindTheMessage(String name, byte[] capture) {
        Dissected run = Dissected.capture(capture, "--json", "--check");
        assertThat(run.exitCode()).as(name).isZero();
        assertThat(run.objects()).singleElement().satisfies(message -> {
            assertThat(message)
                    .containsEntry("layer", "cdc")
                    .containsEntry("qp", 17)
                    .containsEntry("psn", 7);
            assertThat(message)
                    .containsEntry("seq", 5)
                    .containsEntry("token", 17)
                    .containsEntry("length", 44);
            assertThat(message.get("src").toString()).endsWith("1");
            assertThat(message.get("dst").toString()).endsWith("2");
        });
    }

    @Test
    void shouldFindMessagesInRoceVersion1() {
        byte[] payload = Packets.infiniband(4, 0x11, 7, NONE, Examples.bytes("LLC_CONFIRM_LINK_REQ"));
        byte[] grh = Packets.ipv6(1, 2, 0x1B, NONE, payload);
        byte[] frame = Packets.join(Packets.hex("5254000001025254000001018915"), grh);
        assertThat(Dissected.capture(Pcap.ethernet(frame), "--json").objects())
                .singleElement()
                .satisfies(message -> assertThat(message)
                        .containsEntry("message", "CONFIRM_LINK")
                        .containsEntry("src", "2001:db8::1")
                        .containsEntry("qp", 17));
    }

    @Test
    void shouldReadSeveralSectionsAndSimpleBlocksOfPcapng() {
        byte[] frame = Packets.ethernet(IPV4);
        byte[] simple = Packets.join(
                Pcap.section(ByteOrder.BIG_ENDIAN),
                Pcap.block(ByteOrder.BIG_ENDIAN, 1, Packets.hex("0001000000000000")),
                Pcap.block(
                        ByteOrder.BIG_ENDIAN,
                        3,
                        Packets.join(ByteBuffer.allocate(4).putInt(frame.length).array(), frame)));
        byte[] capture = Packets.join(Pcap.ng(ByteOrder.LITTLE_ENDIAN, 1, frame, frame), simple);
        List<Map<String, Object>> messages =
                Dissected.capture(capture, "--json").objects();
        assertThat(messages).extracting(message -> message.get("frame")).containsExactly(1, 2, 3);
        assertThat(((Number) messages.get(1).get("time")).doubleValue()).isEqualTo(0.001);
    }

    @Test
    void shouldTellWhereADamagedCaptureEnds() {
        byte[] capture = Pcap.ethernet(Packets.ethernet(IPV4), Packets.ethernet(IPV4));
        Dissected cut = Dissected.capture(Arrays.copyOf(capture, capture.length - 10), "--json");
        assertThat(cut.exitCode()).isZero();
        assertThat(cut.out()).hasSize(1);
        assertThat(cut.err()).singleElement().asString().contains("ends inside frame 2");

        byte[] wrong = capture.clone();
        wrong[24 + 16 + Packets.ethernet(IPV4).length + 11] = 0x7F;
        Dissected damaged = Dissected.capture(wrong, "--json");
        assertThat(damaged.out()).hasSize(1);
        assertThat(damaged.err())
                .singleElement()
                .asString()
                .contains("frame 2 claims")
                .contains("damaged");
    }

    @Test
    void shouldTellWhereADamagedPcapngEnds() {
        byte[] capture = Pcap.ng(ByteOrder.LITTLE_ENDIAN, 1, Packets.ethernet(IPV4), Packets.ethernet(IPV4));
        for (int length = 28; length < capture.length; length += 4) {
            Dissected run = Dissected.capture(Arrays.copyOf(capture, length), "--json");
            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).hasSizeLessThanOrEqualTo(2);
            assertThat(run.err()).hasSizeLessThanOrEqualTo(1).allMatch(line -> line.contains("ends inside a block"));
        }
        byte[] wrong = capture.clone();
        wrong[capture.length - 1] = 1;
        assertThat(Dissected.capture(wrong, "--json").err())
                .singleElement()
                .asString()
                .contains("two lengths differ");
    }

    @Test
    void shouldReportOnlyFragmentsThatCouldBeSmc() {
        byte[] roce = Packets.ethernet(IPV4);
        roce[20] = 0x20; // more fragments follow
        byte[] other = roce.clone();
        other[36] = 0; // another UDP port
        byte[] later = roce.clone();
        later[21] = 1;
        Dissected run = Dissected.capture(Pcap.ethernet(roce, other, later));
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).singleElement().asString().contains("frame 1 skipped: an IP fragment");
    }

    @Test
    void shouldSkipFramesThatWereCutOffAndGoOn() {
        byte[] frame = Packets.ethernet(IPV4);
        byte[] capture = Pcap.of(ByteOrder.LITTLE_ENDIAN, 0xA1B2C3D4, 1, 80, frame, frame);
        Dissected run = Dissected.capture(capture, "--check");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).hasSize(3);
        assertThat(run.err().getFirst()).contains("frame 1 skipped").contains("lacks");
    }
}
