package io.smc4j.rdma.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteMessageTest {
    /** @param type of the route @param attributes each of 4 bytes */
    private static byte[] route(int type, int... attributes) {
        ByteBuffer out = ByteBuffer.allocate(28 + 8 * attributes.length).order(ByteOrder.nativeOrder());
        out.putInt(out.capacity()).putShort((short) 24).putShort((short) 0).putLong(1);
        out.put((byte) 2).put(new byte[6]).put((byte) type).putInt(0);
        for (int attribute : attributes) {
            out.putShort((short) 8).putShort((short) attribute).putInt(0x7f000001);
        }
        return out.array();
    }

    private static byte[] error(int errno) {
        return ByteBuffer.allocate(36)
                .order(ByteOrder.nativeOrder())
                .putInt(36)
                .putShort((short) 2)
                .putShort((short) 0)
                .putLong(1)
                .putInt(-errno)
                .array();
    }

    @Test
    void shouldSeeAGatewayAmongTheAttributes() {
        assertThat(RouteMessage.answer(route(1, 15, 1, 4, 7))).isEqualTo(Way.DIRECT);
        assertThat(RouteMessage.answer(route(2, 15, 1, 4, 7))).as("own address").isEqualTo(Way.DIRECT);
        assertThat(RouteMessage.answer(route(1, 15, 1, 5, 7))).isEqualTo(Way.GATEWAY);
        assertThat(RouteMessage.answer(route(1, 15, 1, 18)))
                .as("an IPv6 gateway")
                .isEqualTo(Way.GATEWAY);
        assertThat(RouteMessage.answer(route(7))).as("unreachable").isEqualTo(Way.NONE);
    }

    @ParameterizedTest
    @CsvSource({"101, NONE", "113, NONE", "22, NONE", "1, UNKNOWN", "13, UNKNOWN", "95, UNKNOWN"})
    void shouldTellNoRouteFromNoAnswer(int errno, Way way) {
        assertThat(RouteMessage.answer(error(errno))).isEqualTo(way);
    }

    @Test
    void shouldMakeNothingOfWhatIsCutOffOrOfAnotherKind() {
        byte[] whole = route(1, 5);
        for (int length = 0; length < 28; length++) {
            assertThat(RouteMessage.answer(java.util.Arrays.copyOf(whole, length)))
                    .isEqualTo(Way.UNKNOWN);
        }
        byte[] done = route(1, 5);
        done[4] = 3;
        done[5] = 3;
        assertThat(RouteMessage.answer(done)).isEqualTo(Way.UNKNOWN);
        byte[] endless = route(1, 1, 5);
        ByteBuffer.wrap(endless).order(ByteOrder.nativeOrder()).putShort(28, (short) 0);
        assertThat(RouteMessage.answer(endless)).isEqualTo(Way.DIRECT);
    }

    @Test
    void shouldAskTheKernel() {
        assertThat(KernelRoutes.way(0x7f000001, 0x7f000009)).isEqualTo(Way.DIRECT);
        assertThat(KernelRoutes.way(0xcb007107, 0x7f000001))
                .as("from an address of somebody else's")
                .isEqualTo(Way.NONE);
    }

    /** Whatever this machine's default route is: an address that nobody has is reached over a gateway or not at all. */
    @Test
    void shouldAgreeWithTheTableOfTheKernel() throws Exception {
        for (String line : java.nio.file.Files.readAllLines(java.nio.file.Path.of("/proc/net/route"))) {
            String[] fields = line.strip().split("\\s+");
            if (fields.length > 7 && fields[1].equals("00000000") && !fields[2].equals("00000000")) {
                int own = own(fields[0]);
                assertThat(KernelRoutes.way(own, 0xcb007107)).isEqualTo(Way.GATEWAY);
            }
        }
    }

    private static int own(String name) throws Exception {
        for (var one : java.net.NetworkInterface.getByName(name).getInterfaceAddresses()) {
            if (one.getAddress() instanceof java.net.Inet4Address address) {
                return ByteBuffer.wrap(address.getAddress()).getInt();
            }
        }
        throw new AssertionError("a default route over " + name + ", which has no IPv4 address");
    }
}
