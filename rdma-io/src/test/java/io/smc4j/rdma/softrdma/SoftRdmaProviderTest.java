package io.smc4j.rdma.softrdma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.rdma.Availability;
import io.smc4j.rdma.DeviceOptions;
import io.smc4j.rdma.MemoryRegion;
import io.smc4j.rdma.MemoryTempDir;
import io.smc4j.rdma.PortInfo;
import io.smc4j.rdma.ProtectionDomain;
import io.smc4j.rdma.RdmaDevice;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaGid;
import io.smc4j.rdma.RdmaProvider;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoftRdmaProviderTest {
    @TempDir(factory = MemoryTempDir.class)
    Path shared;

    @Test
    void shouldBeFoundAsAService() {
        assertThat(ServiceLoader.load(RdmaProvider.class))
                .extracting(RdmaProvider::name)
                .contains("softrdma");
    }

    @Test
    void shouldSayWhatIsMissing() {
        DeviceOptions nowhere = new DeviceOptions(shared.resolve("missing"), 1);
        SoftRdmaProvider provider = new SoftRdmaProvider();
        assertThat(provider.availability(nowhere)).isInstanceOf(Availability.Unavailable.class);
        assertThat(provider.deviceNames(nowhere)).isEmpty();
        assertThatThrownBy(() -> provider.open("soft0", nowhere))
                .isInstanceOfSatisfying(
                        RdmaException.class,
                        e -> assertThat(e.category()).isEqualTo(RdmaException.Category.UNSUPPORTED));
        assertThatThrownBy(() -> provider.open("mlx5_0", new DeviceOptions(shared, 1)))
                .hasMessageContaining("mlx5_0")
                .hasMessageContaining("soft0");
    }

    @Test
    void shouldGiveEveryOpenedDeviceAddressesOfItsOwn() throws Exception {
        SoftRdmaProvider provider = new SoftRdmaProvider();
        List<RdmaDevice> devices = new ArrayList<>();
        Set<RdmaGid> gids = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            RdmaDevice device = provider.open("soft0", new DeviceOptions(shared, 8));
            devices.add(device);
            for (PortInfo port : device.ports()) {
                assertThat(gids.add(port.gid())).isTrue();
                assertThat(port.gid().high()).isZero();
                assertThat(port.gid().low() >>> 24).isEqualTo(0xffff7fL);
                assertThat(port.mac() >>> 40).isEqualTo(2);
                assertThat(port.mtuBytes()).isEqualTo(4096);
            }
        }
        assertThat(gids).hasSize(80);
        RdmaDevice first = devices.getFirst();
        assertThatIllegalArgumentException().isThrownBy(() -> first.port(9)).withMessageContaining("1..8");
        devices.forEach(RdmaDevice::close);
        devices.forEach(RdmaDevice::close);
        try (Stream<Path> left = Files.walk(shared)) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void shouldRefuseMemoryThatItsEngineCouldNotUse() throws Exception {
        try (RdmaDevice device = new SoftRdmaProvider().open("soft7", new DeviceOptions(shared, 1));
                ProtectionDomain domain = device.allocateProtectionDomain();
                Arena confined = Arena.ofConfined();
                Arena wide = Arena.ofShared()) {
            assertThatThrownBy(() -> domain.register(MemorySegment.ofArray(new byte[8]), true))
                    .hasMessageContaining("native");
            assertThatThrownBy(() -> domain.register(confined.allocate(8), true))
                    .hasMessageContaining("confined");
            assertThatThrownBy(() -> domain.register(wide.allocate(8).asReadOnly(), true))
                    .hasMessageContaining("read-only");
            domain.register(wide.allocate(8).asReadOnly(), false).close();
        }
    }

    @Test
    void shouldNotHandOutAKeyAgainSoon() throws Exception {
        try (RdmaDevice device = new SoftRdmaProvider().open("soft0", new DeviceOptions(shared, 1));
                ProtectionDomain domain = device.allocateProtectionDomain();
                Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(8);
            Set<Integer> keys = new HashSet<>();
            for (int i = 0; i < 20_000; i++) {
                MemoryRegion region = domain.register(memory, true);
                assertThat(keys.add(region.localKey())).isTrue();
                assertThat(keys.add(region.remoteKey())).isTrue();
                region.close();
                region.close();
            }
        }
    }

    @Test
    void shouldSayWhenAllRegionsAreUsed() throws Exception {
        try (RdmaDevice device = new SoftRdmaProvider().open("soft0", new DeviceOptions(shared, 1));
                ProtectionDomain domain = device.allocateProtectionDomain();
                Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(8);
            List<MemoryRegion> regions = new ArrayList<>();
            for (int i = 0; i < 0xffff; i++) {
                regions.add(domain.register(memory, true));
            }
            assertThatThrownBy(() -> domain.register(memory, true))
                    .isInstanceOfSatisfying(
                            RdmaException.class,
                            e -> assertThat(e.category()).isEqualTo(RdmaException.Category.OUT_OF_RESOURCES));
            regions.getFirst().close();
            domain.register(memory, true).close();
            regions.forEach(MemoryRegion::close);
        }
    }
}
