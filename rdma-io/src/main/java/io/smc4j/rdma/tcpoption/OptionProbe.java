package io.smc4j.rdma.tcpoption;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Finds out by a connection to itself whether the program works for this process; needs no privileges. */
public final class OptionProbe {
    private OptionProbe() {}

    /** Whether sockets of this process that opt in carry the option. Takes a fraction of a millisecond; blocks. */
    public static boolean works() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open();
                SocketChannel client = SocketChannel.open()) {
            OptionMark.want(listener);
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
            OptionMark.want(client);
            client.connect(listener.getLocalAddress());
            try (SocketChannel server = listener.accept()) {
                return OptionMark.take(client) == OptionMark.PEER_SPEAKS_SMC
                        && OptionMark.take(server) == OptionMark.PEER_SPEAKS_SMC;
            }
        }
    }
}
