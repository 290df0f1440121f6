package io.smc4j.actors.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EphemeralPortsTest {
    private final TcpReadiness readiness = new TcpReadiness();

    @AfterEach
    void close() {
        readiness.close();
    }

    private static EphemeralPorts ports(String range, String reserved) {
        return EphemeralPorts.of(range, reserved, new SplittableRandom(7));
    }

    private static Set<Integer> drawn(EphemeralPorts ports) {
        Set<Integer> drawn = new TreeSet<>();
        for (int i = 0; i < 1000; i++) {
            drawn.add(ports.any().orElseThrow());
        }
        return drawn;
    }

    @Test
    void shouldGiveAllOfTheRangeButReservedOnes() {
        assertThat(drawn(ports("40000\t40009\n", "40001,40003-40005,50000\n")))
                .containsExactly(40000, 40002, 40006, 40007, 40008, 40009);
    }

    @Test
    void shouldGiveAllOfTheRangeIfNoneIsReserved() {
        assertThat(drawn(ports("65533 65535", "\n"))).containsExactly(65533, 65534, 65535);
    }

    @Test
    void shouldGiveNoneIfAllAreReserved() {
        assertThat(ports("40000 40001", "1-65535").any()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "40000", "a b", "40001 40000", "40000 70000", "-1 5"})
    void shouldRefuseWhatIsNoRange(String range) {
        assertThatThrownBy(() -> ports(range, "")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldKnowThoseOfThisHost() {
        assertThat(drawn(EphemeralPorts.ofThisHost(new SplittableRandom(7)))).hasSizeGreaterThan(100);
    }

    @Test
    void shouldLeaveItToTheKernelWhenWhatItGuessesIsTaken() throws Exception {
        InetAddress address = InetAddress.getLoopbackAddress();
        try (ServerSocket taken = new ServerSocket(0, 1, address)) {
            int port = taken.getLocalPort();
            ClcStream stream = ClcStream.open(readiness);
            try {
                InetSocketAddress bound = stream.bind(new InetSocketAddress(address, 0), ports(port + " " + port, ""));
                assertThat(bound.getPort()).isPositive().isNotEqualTo(port);
            } finally {
                stream.close();
            }
        }
    }

    @Test
    void shouldBindToAGuess() throws Exception {
        InetAddress address = InetAddress.getLoopbackAddress();
        int free;
        try (ServerSocket was = new ServerSocket(0, 1, address)) {
            free = was.getLocalPort();
        }
        ClcStream stream = ClcStream.open(readiness);
        try {
            InetSocketAddress bound = stream.bind(new InetSocketAddress(address, 0), ports(free + " " + free, ""));
            assertThat(bound.getPort()).isEqualTo(free);
        } finally {
            stream.close();
        }
    }
}
