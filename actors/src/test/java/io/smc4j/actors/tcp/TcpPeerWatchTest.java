package io.smc4j.actors.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TcpPeerWatchTest {
    private final TcpReadiness readiness = new TcpReadiness();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private Loopback loopback;
    private TcpPeerWatch watch;

    @BeforeEach
    void open() throws Exception {
        loopback = Loopback.open();
        watch = TcpPeerWatch.start(loopback.ours(), readiness, new TcpPeerWatch.Listener() {
            @Override
            public void peerClosed() {
                events.add("closed");
            }

            @Override
            public void peerBroken(String how) {
                events.add(how);
            }
        });
    }

    @AfterEach
    void close() throws IOException {
        watch.close();
        readiness.close();
        loopback.close();
    }

    @Test
    void shouldHearThatThePeerClosed() throws Exception {
        loopback.peer().close();
        assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo("closed");
    }

    @Test
    void shouldHearThatThePeerReset() throws Exception {
        loopback.peerResets();
        assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo("the peer reset the TCP connection");
    }

    @Test
    void shouldHearOfBytesThatDoNotBelongThere() throws Exception {
        loopback.peerSends(new byte[] {1, 2, 3});
        assertThat(events.poll(20, TimeUnit.SECONDS)).contains("sent bytes");
    }

    @Test
    void shouldEndTheConnectionForThePeerAndHearNothingOfIt() throws Exception {
        watch.close();
        assertThat(loopback.peerReceives(1)).isEmpty();
        assertThat(events).isEmpty();
    }
}
