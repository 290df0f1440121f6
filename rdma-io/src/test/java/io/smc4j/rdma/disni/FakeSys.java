package io.smc4j.rdma.disni;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory like {@code /sys/class} with one adapter, {@code rxe0} at 10.99.0.1. */
final class FakeSys {
    static final String MAPPED = "0000:0000:0000:0000:0000:ffff:0a63:0001";

    private FakeSys() {}

    static Path in(Path directory) throws IOException {
        write(directory, "net/eth1/address", "52:54:00:00:01:01");
        write(directory, "net/eth1/mtu", "1500");
        write(directory, "net/eth1/ifindex", "3");
        port(directory, "gids/0", "fe80:0000:0000:0000:5054:00ff:fe00:0101");
        port(directory, "gid_attrs/types/0", "RoCE v2");
        port(directory, "gid_attrs/ndevs/0", "eth1");
        port(directory, "gids/1", MAPPED);
        port(directory, "gid_attrs/types/1", "IB/RoCE v1");
        port(directory, "gid_attrs/ndevs/1", "eth1");
        port(directory, "gids/2", MAPPED);
        port(directory, "gid_attrs/types/2", "RoCE v2");
        port(directory, "gid_attrs/ndevs/2", "eth1");
        port(directory, "state", "4: ACTIVE");
        return directory;
    }

    static void port(Path directory, String file, String text) throws IOException {
        write(directory, "infiniband/rxe0/ports/1/" + file, text);
    }

    private static void write(Path directory, String file, String text) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text + "\n");
    }
}
