package io.smc4j.actors.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.SmcException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TcpAcceptorTest {
    private final TcpReadiness readiness = new TcpReadiness();
    private InetSocketAddress address = new InetSocketAddress(0);
    private TcpAcceptor acceptor;

    @BeforeEach
    void listen() throws IOException {
        ServerSocketChannel socket = ServerSocketChannel.open();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        address = (InetSocketAddress) socket.getLocalAddress();
        acceptor = TcpAcceptor.of(socket, readiness);
    }

    @AfterEach
    void close() {
        acceptor.close();
        readiness.close();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void shouldAcceptWhoComesLaterAndWhoIsThereAlready() throws Exception {
        CompletionStage<SocketChannel> later = acceptor.accept();
        try (SocketChannel first = SocketChannel.open(address);
                SocketChannel accepted = get(later)) {
            assertThat(accepted.getRemoteAddress()).isEqualTo(first.getLocalAddress());
        }
        try (SocketChannel second = SocketChannel.open(address);
                SocketChannel accepted = get(acceptor.accept())) {
            assertThat(accepted.getRemoteAddress()).isEqualTo(second.getLocalAddress());
        }
    }

    @Test
    void shouldAcceptOneAtATime() throws Exception {
        CompletionStage<SocketChannel> first = acceptor.accept();
        assertThatThrownBy(() -> get(acceptor.accept())).hasRootCauseInstanceOf(SmcException.class);
        try (SocketChannel client = SocketChannel.open(address);
                SocketChannel accepted = get(first)) {
            assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
        }
    }

    @Test
    void shouldFailTheAcceptUnderWayAndFreeThePortWhenItCloses() throws Exception {
        CompletableFuture<SocketChannel> waiting = acceptor.accept().toCompletableFuture();
        get(acceptor.close());
        assertThatThrownBy(() -> get(waiting)).hasCauseInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> get(acceptor.accept())).hasCauseInstanceOf(ClosedChannelException.class);
        try (ServerSocketChannel again = ServerSocketChannel.open()) {
            again.bind(address);
        }
    }

    @Test
    void shouldFailTheAcceptUnderWayWhenTheNodeStops() throws Exception {
        CompletionStage<SocketChannel> waiting = acceptor.accept();
        readiness.close();
        assertThatThrownBy(() -> get(waiting)).hasCauseInstanceOf(SmcException.class);
    }
}
