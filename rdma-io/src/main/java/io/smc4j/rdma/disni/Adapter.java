package io.smc4j.rdma.disni;

import io.smc4j.rdma.PortGid;
import io.smc4j.rdma.PortInfo;
import io.smc4j.rdma.PortState;
import io.smc4j.rdma.RdmaGid;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An RDMA adapter as {@code /sys} shows it; DiSNI shows neither devices nor ports. Blocking threads.
 *
 * @param sys the directory {@code /sys/class}
 * @param name device name
 */
record Adapter(Path sys, String name) {
    /** RDMA over Converged Ethernet adapters have one port; rdma_cm finds it by its address. */
    static final int PORT = 1;

    private static final int[] MTUS = {4096, 2048, 1024, 512, 256};
    private static final int HEADERS = 60;
    private static final int MOST_GIDS = 256;

    /** All adapters that have an IPv4 address under RoCE v2, by name. */
    static List<Adapter> all(Path sys) {
        try (Stream<Path> devices = Files.list(sys.resolve("infiniband"))) {
            return devices.map(device -> new Adapter(sys, device.getFileName().toString()))
                    .filter(adapter -> adapter.gid().isPresent())
                    .sorted((a, b) -> a.name.compareTo(b.name))
                    .toList();
        } catch (IOException e) {
            return List.of(); // no RDMA driver is loaded
        }
    }

    /** Its first RoCE v2 GID that is an IPv4 address. */
    Optional<PortGid> gid() {
        for (int i = 0; i < MOST_GIDS; i++) {
            Optional<RdmaGid> gid = read("gids/" + i).flatMap(Adapter::parse);
            Optional<String> device = read("gid_attrs/ndevs/" + i);
            boolean version2 = read("gid_attrs/types/" + i).orElse("").equals("RoCE v2");
            if (gid.isPresent() && gid.get().isIpv4Mapped() && version2 && device.isPresent()) {
                return Optional.of(
                        new PortGid(i, gid.get(), PortGid.Type.ROCE_V2, number("net/" + device.get() + "/ifindex", 0)));
            }
        }
        return Optional.empty();
    }

    /** Its port as it is now; down if it has no address any more. */
    PortInfo port() {
        Optional<PortGid> gid = gid();
        String network = gid.flatMap(g -> read("gid_attrs/ndevs/" + g.index())).orElse("");
        boolean active = read("state").orElse("").contains("ACTIVE");
        return new PortInfo(
                PORT,
                active && gid.isPresent() ? PortState.ACTIVE : PortState.DOWN,
                gid.map(PortGid::gid).orElse(new RdmaGid(0, 0)),
                mac(text(sys.resolve("net/" + network + "/address")).orElse("")),
                mtu(number("net/" + network + "/mtu", 0)),
                gid.map(List::of).orElse(List.of()));
    }

    private static int mtu(int network) {
        for (int mtu : MTUS) {
            if (mtu + HEADERS <= network) {
                return mtu;
            }
        }
        return MTUS[MTUS.length - 1];
    }

    static long mac(String text) {
        String digits = text.replace(":", "");
        return digits.matches("[0-9a-f]{12}") ? Long.parseLong(digits, 16) : 0;
    }

    static Optional<RdmaGid> parse(String text) {
        String digits = text.replace(":", "");
        if (!digits.matches("[0-9a-f]{32}")) {
            return Optional.empty();
        }
        BigInteger value = new BigInteger(digits, 16);
        return Optional.of(new RdmaGid(value.shiftRight(64).longValue(), value.longValue()));
    }

    private Optional<String> read(String file) {
        return text(
                sys.resolve("infiniband").resolve(name).resolve("ports/" + PORT).resolve(file));
    }

    private int number(String file, int otherwise) {
        return text(sys.resolve(file))
                .filter(value -> value.matches("[0-9]{1,9}"))
                .map(Integer::parseInt)
                .orElse(otherwise);
    }

    private static Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException e) {
            return Optional.empty(); // empty entries of a GID table cannot be read
        }
    }
}
