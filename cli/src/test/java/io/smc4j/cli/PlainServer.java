package io.smc4j.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A TCP server for one client that knows nothing of smc4j. */
public final class PlainServer implements AutoCloseable {
    /** What it does with the client. */
    @FunctionalInterface
    public interface Handler {
        void handle(Socket client) throws IOException;
    }

    private final ServerSocket server;

    public PlainServer(Handler handler) throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(() -> {
            try (Socket client = server.accept()) {
                handler.handle(client);
            } catch (IOException _) {
                // The test ended, or the client did: the test sees it from there.
            }
        });
    }

    /** For the command line. */
    public String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
