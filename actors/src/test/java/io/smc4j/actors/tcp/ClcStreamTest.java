package io.smc4j.actors.tcp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smc4j.SmcException;
import io.smc4j.protocol.PeerId;
import io.smc4j.protocol.clc.ClcCodec;
import io.smc4j.protocol.clc.ClcDecline;
import io.smc4j.protocol.clc.ClcMessage;
import io.smc4j.protocol.clc.DiagnosisCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ClcStreamTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final ClcMessage DECLINE = ClcDecline.of(2, PeerId.NONE, DiagnosisCode.PEERDECL);
    private static final byte[] BYTES = ClcCodec.encode(DECLINE);

    private final TcpReadiness readiness = new TcpReadiness();
    private Loopback loopback;
    private ClcStream stream;

    @BeforeEach
    void open() throws SmcException {
        loopback = Loopback.open();
        stream = ClcStream.of(loopback.ours(), readiness);
    }

    @AfterEach
    void close() throws IOException {
        stream.close();
        loopback.close();
        readiness.close();
    }

    @Test
    void shouldReadAMessageSplitAtEveryByte() throws Exception {
        for (int split = 0; split <= BYTES.length; split++) {
            loopback.peerSends(BYTES, 0, split);
            CompletionStage<ClcReadResult> read = stream.readMessage(LONG);
            loopback.peerSends(BYTES, split, BYTES.length - split);
            assertThat(get(read)).as("split at %d", split).isEqualTo(new ClcReadResult.Message(DECLINE));
        }
    }

    @Test
    void shouldPutAMessageTogetherFromPiecesOfEverySize() throws Exception {
        ClcMessageReader reader = new ClcMessageReader();
        for (int piece = 1; piece <= BYTES.length; piece++) {
            int sent = 0;
            while (reader.missing() > 0) {
                int count = Math.min(piece, reader.missing());
                System.arraycopy(BYTES, sent, reader.bytes(), reader.filled(), count);
                reader.advance(count);
                sent += count;
            }
            assertThat(sent).isEqualTo(BYTES.length);
            assertThat(reader.take()).isEqualTo(DECLINE);
        }
    }

    @Test
    void shouldTakeAnOpeningForTheFirstBytesHoweverItIsSplit() throws Exception {
        for (int split = 0; split <= BYTES.length; split++) {
            try (Loopback other = Loopback.open();
                    ClcStream opened = ClcStream.of(other.ours(), readiness, Arrays.copyOf(BYTES, split))) {
                other.peerSends(BYTES, split, BYTES.length - split);
                other.peerSends(BYTES);
                assertThat(get(opened.readMessage(LONG))).isEqualTo(new ClcReadResult.Message(DECLINE));
                assertThat(get(opened.readMessage(LONG))).isEqualTo(new ClcReadResult.Message(DECLINE));
            }
        }
    }

    @Test
    void shouldRecogniseAClientByItsOpening() throws Exception {
        try (Loopback other = Loopback.open();
                ClcStream opened = ClcStream.of(other.ours(), readiness, BYTES)) {
            assertThat(get(opened.recognise(LONG, LONG)))
                    .isEqualTo(new Recognition.Smc(new ClcReadResult.Message(DECLINE)));
        }
    }

    @Test
    void shouldTellOfSomethingToReadAndReadNothing() throws Exception {
        assertThat(get(stream.awaitByte(SHORT))).as("nothing yet").isFalse();
        CompletionStage<Boolean> there = stream.awaitByte(LONG);
        loopback.peerSends(BYTES);
        assertThat(get(there)).isTrue();
        assertThat(get(stream.awaitByte(LONG))).as("still there").isTrue();
        assertThat(get(stream.readMessage(LONG))).isEqualTo(new ClcReadResult.Message(DECLINE));
        loopback.peer().close();
        assertThat(get(stream.awaitByte(LONG))).as("the end can be read too").isTrue();
    }

    @Test
    void shouldLeaveEveryByteBehindAMessageToTheNextReader() throws Exception {
        byte[] application = "GET / HTTP/1.0\r\n".getBytes(US_ASCII);
        loopback.peerSends(concat(BYTES, BYTES, application));

        assertThat(get(stream.readMessage(LONG))).isEqualTo(new ClcReadResult.Message(DECLINE));
        assertThat(get(stream.readMessage(LONG))).isEqualTo(new ClcReadResult.Message(DECLINE));
        ClcStream.HandOver given = stream.handOver();

        assertThat(given.prefix()).isEqualTo(ByteString.emptyByteString());
        ByteBuffer rest = ByteBuffer.allocate(100);
        given.socket().read(rest);
        assertThat(Arrays.copyOf(rest.array(), rest.position())).isEqualTo(application);
    }

    @Test
    void shouldKeepWhatArrivedWhenTheTimeIsOver() throws Exception {
        for (int split = 0; split < BYTES.length; split++) {
            loopback.peerSends(BYTES, 0, split);
            assertThat(get(stream.readMessage(SHORT))).isEqualTo(new ClcReadResult.Timeout(split));
            loopback.peerSends(BYTES, split, BYTES.length - split);
            assertThat(get(stream.readMessage(LONG))).isEqualTo(new ClcReadResult.Message(DECLINE));
        }
    }

    @Test
    void shouldHandOverTheBytesOfAnUnfinishedMessage() throws Exception {
        loopback.peerSends(BYTES, 0, 11);
        assertThat(get(stream.readMessage(SHORT))).isEqualTo(new ClcReadResult.Timeout(11));
        assertThat(stream.handOver().prefix()).isEqualTo(ByteString.fromArray(BYTES, 0, 11));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 43})
    void shouldReportTheEndInTheMiddleOfAMessage(int bytes) throws Exception {
        loopback.peerSends(BYTES, 0, bytes);
        loopback.peer().shutdownOutput();
        assertThat(get(stream.readMessage(LONG)))
                .isEqualTo(new ClcReadResult.Closed("the peer closed the TCP connection", bytes));
    }

    @Test
    void shouldReportAReset() throws Exception {
        CompletionStage<ClcReadResult> read = stream.readMessage(LONG);
        loopback.peerResets();
        assertThat(get(read)).isEqualTo(new ClcReadResult.Closed("the peer reset the TCP connection", 0));
    }

    @Test
    void shouldReportGarbageAsAViolation() throws Exception {
        loopback.peerSends("GET / HTTP/1.0\r\n".getBytes(US_ASCII));
        assertThat(get(stream.readMessage(LONG)))
                .isInstanceOfSatisfying(
                        ClcReadResult.Violation.class,
                        violation -> assertThat(violation.violation()).hasMessageContaining("SMCR"));
    }

    @Test
    void shouldReportAWrongLengthAsAViolationBeforeWaitingForIt() throws Exception {
        byte[] wrong = BYTES.clone();
        wrong[5] = (byte) 0xFF;
        loopback.peerSends(wrong, 0, 8);
        assertThat(get(stream.readMessage(LONG))).isInstanceOf(ClcReadResult.Violation.class);
    }

    @Test
    void shouldReportAWrongTrailerAsAViolation() throws Exception {
        byte[] proposalHeader = BYTES.clone();
        proposalHeader[6] = 43;
        loopback.peerSends(proposalHeader);
        assertThat(get(stream.readMessage(LONG))).isInstanceOf(ClcReadResult.Violation.class);
    }

    @Test
    void shouldRecogniseAnSmcClientAndReadItsMessageOnly() throws Exception {
        loopback.peerSends(concat(BYTES, new byte[] {1, 2, 3}));
        assertThat(get(stream.recognise(LONG, LONG)))
                .isEqualTo(new Recognition.Smc(new ClcReadResult.Message(DECLINE)));
        assertThat(stream.handOver().prefix()).isEqualTo(ByteString.emptyByteString());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void shouldRecogniseAnOrdinaryClientAtItsFirstDifferingByte(int equal) throws Exception {
        byte[] hello = BYTES.clone();
        hello[equal] = 'x';
        CompletionStage<Recognition> recognition = stream.recognise(LONG, LONG);
        loopback.peerSends(hello, 0, equal + 1);

        assertThat(get(recognition)).isEqualTo(new Recognition.OrdinaryTcp(ByteString.fromArray(hello, 0, equal + 1)));
        assertThat(stream.handOver().prefix()).isEqualTo(ByteString.fromArray(hello, 0, equal + 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldTakeAClientThatStopsWithinTheEyecatcherForOrdinary(int bytes) throws Exception {
        loopback.peerSends(BYTES, 0, bytes);
        assertThat(get(stream.recognise(LONG, SHORT)))
                .isEqualTo(new Recognition.OrdinaryTcp(ByteString.fromArray(BYTES, 0, bytes)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void shouldTakeAClientThatClosesWithinTheEyecatcherForOrdinary(int bytes) throws Exception {
        loopback.peerSends(BYTES, 0, bytes);
        loopback.peer().shutdownOutput();
        assertThat(get(stream.recognise(LONG, LONG)))
                .isEqualTo(new Recognition.OrdinaryTcp(ByteString.fromArray(BYTES, 0, bytes)));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8, 20})
    void shouldReportHalfAMessageAndThenSilence(int bytes) throws Exception {
        loopback.peerSends(BYTES, 0, bytes);
        assertThat(get(stream.recognise(LONG, SHORT))).isEqualTo(new Recognition.Smc(new ClcReadResult.Timeout(bytes)));
    }

    @Test
    void shouldReportASilentClientAndLeaveItsLaterBytes() throws Exception {
        assertThat(get(stream.recognise(SHORT, LONG))).isEqualTo(new Recognition.NoBytes());
        loopback.peerSends(BYTES);
        ClcStream.HandOver given = stream.handOver();
        ByteBuffer bytes = ByteBuffer.allocate(100);
        given.socket().read(bytes);
        assertThat(Arrays.copyOf(bytes.array(), bytes.position())).isEqualTo(BYTES);
    }

    @Test
    void shouldReportAClientThatResetsBeforeItsFirstByte() throws Exception {
        loopback.peerResets();
        assertThat(get(stream.recognise(LONG, LONG)))
                .isEqualTo(new Recognition.Gone("the peer reset the TCP connection"));
    }

    @Test
    void shouldWriteMessagesInOrder() throws Exception {
        ClcMessage other = ClcDecline.of(1, PeerId.NONE, DiagnosisCode.SYNCERR);
        stream.writeMessage(DECLINE);
        stream.writeMessage(other);
        get(stream.writeMessage(DECLINE));
        byte[] expected = concat(BYTES, ClcCodec.encode(other), BYTES);
        assertThat(loopback.peerReceives(expected.length)).isEqualTo(expected);
    }

    @Test
    void shouldFailWritesOnceThePeerIsGone() throws Exception {
        loopback.peerResets();
        get(stream.readMessage(LONG)); // the reset has arrived
        assertThatThrownBy(() -> get(stream.writeMessage(DECLINE)))
                .hasCauseInstanceOf(SmcException.class)
                .hasMessageContaining("CLC DECLINE could not be sent");
    }

    @Test
    void shouldRefuseASecondReadAndAHandOverWhileOneWaits() throws Exception {
        CompletionStage<ClcReadResult> read = stream.readMessage(LONG);
        assertThatThrownBy(() -> get(stream.readMessage(LONG))).hasMessageContaining("Another read");
        assertThatThrownBy(() -> stream.handOver()).isInstanceOf(IllegalStateException.class);
        loopback.peerSends(BYTES);
        assertThat(get(read)).isEqualTo(new ClcReadResult.Message(DECLINE));
    }

    @Test
    void shouldEndAWaitingReadWhenClosed() throws Exception {
        CompletionStage<ClcReadResult> read = stream.readMessage(LONG);
        stream.close();
        assertThat(get(read)).isEqualTo(new ClcReadResult.Closed("the TCP connection was closed on this side", 0));
    }

    @Test
    void shouldLeaveTheSocketOpenAfterTheHandOver() {
        ClcStream.HandOver given = stream.handOver();
        stream.close();
        assertThat(given.socket().isOpen()).isTrue();
        assertThatThrownBy(() -> get(stream.readMessage(LONG))).hasMessageContaining("handed over");
    }

    @Test
    void shouldConnectAndSpeak() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ClcStream client = ClcStream.open(readiness)) {
            get(client.connect((InetSocketAddress) server.getLocalSocketAddress(), Optional.empty(), LONG));
            assertThat(client.remoteAddress()).isEqualTo(server.getLocalSocketAddress());
            get(client.writeMessage(DECLINE));
            assertThat(server.accept().getInputStream().readNBytes(BYTES.length))
                    .isEqualTo(BYTES);
        }
    }

    @Test
    void shouldSayWhyItCannotConnect() throws Exception {
        int freePort;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            freePort = server.getLocalPort();
        }
        InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort);
        assertConnectFails(nobody, Optional.empty(), SmcException.Category.RETRY, "is a server listening there?");
        assertConnectFails(
                InetSocketAddress.createUnresolved("no-such-host.invalid", 1),
                Optional.empty(),
                SmcException.Category.CONFIGURATION,
                "no-such-host.invalid is unknown");
        assertConnectFails(
                nobody,
                Optional.of(new InetSocketAddress("192.0.2.1", 0)),
                SmcException.Category.CONFIGURATION,
                "192.0.2.1");
    }

    private void assertConnectFails(
            InetSocketAddress remote, Optional<InetSocketAddress> local, SmcException.Category category, String why)
            throws Exception {
        try (ClcStream client = ClcStream.open(readiness)) {
            assertThatThrownBy(() -> get(client.connect(remote, local, LONG)))
                    .cause()
                    .isInstanceOfSatisfying(SmcException.class, e -> {
                        assertThat(e.category()).isEqualTo(category);
                        assertThat(e).hasMessageContaining(why);
                    });
        }
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(25, TimeUnit.SECONDS);
    }

    private static byte[] concat(byte[]... parts) {
        ByteBuffer all =
                ByteBuffer.allocate(Arrays.stream(parts).mapToInt(p -> p.length).sum());
        Arrays.stream(parts).forEach(all::put);
        return all.array();
    }
}
