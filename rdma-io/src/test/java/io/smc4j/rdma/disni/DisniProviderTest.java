package io.smc4j.rdma.disni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.rdma.AsyncEvent;
import io.smc4j.rdma.Availability;
import io.smc4j.rdma.Availability.Unavailable;
import io.smc4j.rdma.DeviceOptions;
import io.smc4j.rdma.PortInfo;
import io.smc4j.rdma.PortState;
import io.smc4j.rdma.RdmaDevice;
import io.smc4j.rdma.RdmaGid;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DisniProviderTest {
    @TempDir
    Path directory;

    private final DeviceOptions options = DeviceOptions.defaults();

    private DisniProvider provider() {
        return new DisniProvider(directory, () -> null, FakeFabric::new);
    }

    @Test
    void shouldSayWhatIsMissingWhereNothingIsInstalled() {
        Unavailable missing = LibraryCheck.missing();
        if (missing != null) { // a machine of a user who has libdisni
            assertThat(missing.reason()).containsAnyOf("libdisni is not installed", "sun.nio.ch");
            assertThat(missing.advice()).containsAnyOf("install libdisni", LibraryCheck.EXPORT);
            assertThat(new DisniProvider().availability(options)).isEqualTo(missing);
            assertThatThrownBy(() -> new DisniProvider().open("rxe0", options))
                    .hasMessageContaining(missing.reason())
                    .hasMessageContaining(missing.advice());
        }
    }

    @Test
    void shouldSayThatNoAdapterHasAnAddress() {
        assertThat(provider().availability(options))
                .isInstanceOfSatisfying(
                        Unavailable.class, no -> assertThat(no.reason()).contains("no RDMA adapter"));
        assertThat(provider().deviceNames(options)).isEmpty();
    }

    @Test
    void shouldFindAdaptersByTheirIpv4AddressUnderVersion2() throws Exception {
        FakeSys.in(directory);
        assertThat(provider().availability(options)).isEqualTo(new Availability.Available("libdisni with rxe0"));
        PortInfo port = new Adapter(directory, "rxe0").port();
        assertThat(port.state()).isEqualTo(PortState.ACTIVE);
        assertThat(port.gid()).hasToString(FakeSys.MAPPED);
        assertThat(port.gids().getFirst().index()).isEqualTo(2);
        assertThat(port.mac()).isEqualTo(0x525400000101L);
        assertThat(port.mtuBytes()).isEqualTo(1024);
        assertThatThrownBy(() -> provider().open("mlx5_0", options)).hasMessageContaining("there are rxe0");
    }

    @Test
    void shouldTellWhenThePortGoesDownAndComesBack() throws Exception {
        FakeSys.in(directory);
        try (RdmaDevice device = provider().open("rxe0", options)) {
            FakeSys.port(directory, "state", "1: DOWN");
            ((DisniDevice) device).look();
            assertThat(device.port(1).state()).isEqualTo(PortState.DOWN);
            assertThat(device.port(1).gid()).hasToString(FakeSys.MAPPED);
            assertThat(device.pollAsyncEvent()).isEqualTo(new AsyncEvent.PortDown(1));
            FakeSys.port(directory, "state", "4: ACTIVE");
            ((DisniDevice) device).look();
            assertThat(device.pollAsyncEvent()).isEqualTo(new AsyncEvent.PortUp(1));
        }
    }

    @Test
    void shouldNotBelieveWhatIsNoGid() {
        assertThat(Adapter.parse("not a gid")).isEmpty();
        assertThat(Adapter.parse("")).isEmpty();
        assertThat(Adapter.mac("52:54:00:00:01")).isZero();
    }

    @Test
    void shouldNameTheSameEndAsTheOneThatConnects() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            RdmaGid one = new RdmaGid(0, 0xffffL << 32 | random.nextInt(4));
            RdmaGid other = new RdmaGid(0, 0xffffL << 32 | random.nextInt(4));
            int a = CmNumber.of(1 + random.nextInt(0xffff), random.nextInt());
            int b = CmNumber.of(1 + random.nextInt(0xffff), random.nextInt());
            if (one.equals(other) && a == b) {
                continue;
            }
            assertThat(CmNumber.connects(one, a, other, b))
                    .describedAs("seed %d", seed)
                    .isNotEqualTo(CmNumber.connects(other, b, one, a));
        }
    }

    @Test
    void shouldNameThePortInTheNumber() {
        int number = CmNumber.of(0xabcd, 0x1ff);
        assertThat(number).isEqualTo(0xabcdff).isLessThan(1 << 24);
        assertThat(CmNumber.address(new RdmaGid(0, 0xffff_0a63_0001L), number)).hasToString("/10.99.0.1:43981");
    }
}
