package io.smc4j.actors.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.smc4j.actors.tcp.ClcStream;
import io.smc4j.actors.tcp.EphemeralPorts;
import io.smc4j.actors.tcp.TcpReadiness;
import io.smc4j.protocol.PeerId;
import io.smc4j.rdma.rendezvous.Announcer;
import io.smc4j.rdma.rendezvous.ListenerLookup;
import io.smc4j.rdma.rendezvous.ListenerRecord;
import io.smc4j.rdma.rendezvous.ListenerRecords;
import io.smc4j.rdma.shm.SharedDirectory;
import io.smc4j.rdma.shm.SharedNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client that finds a listener's record: when it says what there. */
@Timeout(60)
class NegotiationTest {
    private static final Opening OPENING = new Opening(new PeerId(1), Optional.empty(), Optional.empty());

    @TempDir
    private Path root;

    private final TcpReadiness readiness = new TcpReadiness();
    private ServerSocketChannel listening;
    private InetSocketAddress target;
    private SharedNode self;
    private ListenerRecord record;
    private Negotiation negotiation;

    @BeforeEach
    void open() throws Exception {
        listening = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        target = (InetSocketAddress) listening.getLocalAddress();
        SharedDirectory directory = SharedDirectory.open(root);
        self = SharedNode.open(directory, 64);
        record = ListenerRecord.publish(directory, target);
        negotiation = new Negotiation.Rendezvous(
                new ListenerRecords(self, System::nanoTime),
                EphemeralPorts.ofThisHost(new SplittableRandom(7)),
                Runnable::run);
    }

    @AfterEach
    void close() throws Exception {
        record.close();
        self.close();
        listening.close();
        readiness.close();
    }

    private static <T> T now(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get();
    }

    private Negotiation.Verdict prepare(ClcStream stream, Optional<InetSocketAddress> local) throws Exception {
        return now(negotiation.prepare(stream, target, local, Optional.of(OPENING)));
    }

    private void connect(ClcStream stream) throws Exception {
        now(stream.connect(target, Optional.empty(), Duration.ofSeconds(20)));
    }

    private boolean isAnnounced(SocketChannel accepted) throws Exception {
        return record.arrived((InetSocketAddress) accepted.getRemoteAddress())
                .announcement()
                .isPresent();
    }

    /** A port of the kernel's choice, which knows the target: one that is used for another one, or in TIME-WAIT, is as good as any. */
    @Test
    void shouldLeaveTheSocketUnboundAndAnnounceItOnceItIsConnected() throws Exception {
        ClcStream stream = ClcStream.open(readiness);
        try (stream;
                Negotiation.Verdict asked = prepare(stream, Optional.empty())) {
            assertThat(asked.bound()).isFalse();
            assertThat(stream.localAddress().getPort()).isZero();
            assertThat(asked.connecting()).isSameAs(asked);
            connect(stream);
            try (SocketChannel accepted = listening.accept();
                    Negotiation.Verdict verdict = asked.connected(stream)) {
                assertThat(verdict.announced()).isTrue();
                assertThat(isAnnounced(accepted)).isTrue();
            }
        }
    }

    @Test
    void shouldAnnounceASocketThatIsToHaveALocalAddressBeforeItConnects() throws Exception {
        ClcStream stream = ClcStream.open(readiness);
        try (stream;
                Negotiation.Verdict asked =
                        prepare(stream, Optional.of(new InetSocketAddress(target.getAddress(), 0)))) {
            assertThat(asked.bound()).isTrue();
            connect(stream);
            try (SocketChannel accepted = listening.accept()) {
                assertThat(isAnnounced(accepted)).isTrue();
                assertThat(asked.connected(stream)).isSameAs(asked);
            }
        }
    }

    /** So many clients at once between two system calls are none that will go on. */
    @Test
    void shouldSpeakPlainTcpWhenTooManyApproach() throws Exception {
        List<Announcer> others = new ArrayList<>();
        ClcStream stream = ClcStream.open(readiness);
        try (stream) {
            Negotiation.Verdict asked = prepare(stream, Optional.empty());
            Announcer other = ListenerLookup.find(self, target).orElseThrow();
            while (other.approach()) {
                others.add(other);
                other = ListenerLookup.find(self, target).orElseThrow();
            }
            other.close();
            assertThat(asked.connecting().speaksSmc()).isFalse();
            others.forEach(Announcer::close);
            try (Negotiation.Verdict next = prepare(stream, Optional.empty())) {
                assertThat(next.connecting().speaksSmc()).isTrue();
            }
        }
    }

    @Test
    void shouldSpeakPlainTcpAndLetGoOfTheRecordWhenThatHasNoRoom() throws Exception {
        ClcStream stream = ClcStream.open(readiness);
        List<Announcer> others = new ArrayList<>();
        try (stream) {
            Negotiation.Verdict asked = prepare(stream, Optional.empty()).connecting();
            connect(stream);
            Announcer other = ListenerLookup.find(self, target).orElseThrow();
            while (other.announce(stream.localAddress(), new byte[0])) { // all there is room for from there
                others.add(other);
                other = ListenerLookup.find(self, target).orElseThrow();
            }
            other.close();
            Negotiation.Verdict verdict = asked.connected(stream);
            assertThat(verdict.speaksSmc()).isFalse();
            assertThat(verdict.announced()).isFalse();
            others.forEach(Announcer::close);
            assertThat(asked.connected(stream).announced())
                    .as("the announcer was closed: nobody else would do it")
                    .isFalse();
        }
    }
}
