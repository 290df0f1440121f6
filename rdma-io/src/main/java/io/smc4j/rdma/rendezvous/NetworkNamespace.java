package io.smc4j.rdma.rendezvous;

import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The network namespace of this process: the same port in two namespaces is two ports. */
final class NetworkNamespace {
    private NetworkNamespace() {}

    /** Its inode number, unique among those that exist on this host. */
    static long id() throws RdmaException {
        Path link = Path.of("/proc/self/ns/net");
        try {
            if (Files.getAttribute(link, "unix:ino") instanceof Long inode) {
                return inode;
            }
            throw new IOException("no inode number");
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            throw new RdmaException(
                    Category.UNSUPPORTED,
                    "cannot tell this process's network namespace from " + link
                            + ": mount /proc, or use another negotiation than rendezvous",
                    e);
        }
    }
}
