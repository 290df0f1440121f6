package io.smc4j.actors.connection;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** The TCP connection beside an SMC connection: carries no data, only its end. Failures mean that it is gone already. */
final class TcpLeg {
    private TcpLeg() {}

    static void shutdownOutput(@Nullable SocketChannel socket) {
        if (socket != null && socket.isOpen()) {
            try {
                socket.shutdownOutput();
            } catch (IOException e) {
                // reset by the peer: its SMC flags tell why
            }
        }
    }

    static void close(SocketChannel socket, boolean reset) {
        try (socket) {
            if (reset && socket.isOpen()) {
                socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException e) {
            // gone already
        }
    }
}
