package io.smc4j;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of README.md and docs/user-guide.md: compiled and run here, and shown there in the same words. */
@Timeout(60)
class ReadmeSnippetsTest {
    private static final Path HERE = Path.of("src/test/java/io/smc4j/ReadmeSnippetsTest.java");
    private static final Path README = Path.of("../README.md");
    private static final Path GUIDE = Path.of("../docs/user-guide.md");

    @Test
    void shouldMoveBytesThroughChannels() throws Exception {
        // README channel
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "hello");
        Smc smc = Smc.get(system);
        SmcServerChannel listener = smc.listen(new InetSocketAddress("127.0.0.1", 0))
                .toCompletableFuture()
                .join();
        SmcChannel client = smc.connectBlocking(listener.localAddress());
        SmcChannel server = listener.acceptBlocking();

        client.write(ByteBuffer.wrap("hello".getBytes(UTF_8)));
        client.shutdownOutput(); // half-close: the other end reads what was written, then the end
        ByteBuffer received = ByteBuffer.allocate(64);
        while (server.read(received) >= 0) {}
        System.out.println(client.info().transport().label() + " carried " + received.position() + " bytes");

        client.close();
        server.close();
        smc.shutdown().toCompletableFuture().join();
        system.terminate();
        // end

        assertThat(received.flip()).isEqualTo(ByteBuffer.wrap("hello".getBytes(UTF_8)));
        assertThat(client.info().transport()).isEqualTo(Transport.SMC_D);
        system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void shouldMoveBytesThroughStreams() throws Exception {
        // README streams
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "hello");
        Materializer materializer = Materializer.createMaterializer(system);
        Smc smc = Smc.get(system);
        CompletionStage<ServerBinding> binding = smc.bind("127.0.0.1", 0)
                .to(Sink.foreach(incoming -> incoming.handleWith(Flow.of(ByteString.class), materializer))) // echo
                .run(materializer);
        int port = binding.toCompletableFuture().join().localAddress().getPort();

        String answer = Source.single(ByteString.fromString("hello"))
                .via(smc.outgoingConnection("127.0.0.1", port))
                .runFold(ByteString.emptyByteString(), ByteString::concat, materializer)
                .toCompletableFuture()
                .join()
                .utf8String();
        System.out.println(answer);

        system.terminate(); // stops smc4j first
        // end

        assertThat(answer).isEqualTo("hello");
        system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void shouldConnectWithOptionsAndSayWhatCarriesTheBytes() throws Exception {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "options");
        Smc smc = Smc.get(system);
        SmcServerChannel listener = smc.listen(new InetSocketAddress("127.0.0.1", 0))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        InetSocketAddress server = listener.localAddress();
        // README options
        ConnectOptions options = ConnectOptions.defaults()
                .withTransport(TransportPreference.SMC_R)
                .withConnectTimeout(ofSeconds(3));
        SmcChannel channel = smc.connectBlocking(server, options);

        ConnectionInfo info = channel.info();
        System.out.println(info.transport().label() + " from " + info.local() + " to " + info.remote());
        info.linkGroup().ifPresent(group -> System.out.println(group.links().size() + " link(s), " + group.type()));
        info.fallback().ifPresent(reason -> System.out.println("fallback: " + reason));
        // end
        assertThat(info.transport()).isEqualTo(Transport.SMC_R);

        SmcChannel peer = listener.acceptBlocking();
        AtomicInteger echoed = new AtomicInteger();
        new EchoWhenReady(peer, echoed).run();
        channel.write(ByteBuffer.wrap("hello".getBytes(UTF_8)));
        ByteBuffer answer = ByteBuffer.allocate(5);
        while (answer.hasRemaining()) {
            assertThat(channel.read(answer)).isPositive();
        }
        assertThat(answer.flip()).isEqualTo(ByteBuffer.wrap("hello".getBytes(UTF_8)));
        channel.shutdownOutput();
        assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThat(echoed).hasValue(5);
        channel.close();
        smc.shutdown().toCompletableFuture().get(20, TimeUnit.SECONDS);
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private record EchoWhenReady(SmcChannel channel, AtomicInteger echoed, ByteBuffer buffer) implements Runnable {
        EchoWhenReady(SmcChannel channel, AtomicInteger echoed) {
            this(channel, echoed, ByteBuffer.allocate(4096).flip());
        }

        // README nonblocking
        /** Echoes without blocking a thread: runs until there is nothing to do, and again when there is. */
        @Override
        public void run() {
            try {
                while (true) {
                    while (buffer.hasRemaining()) {
                        if (channel.tryWrite(buffer) == 0) {
                            channel.onWritable(this);
                            return;
                        }
                    }
                    int count = channel.tryRead(buffer.clear());
                    buffer.flip();
                    if (count == 0) {
                        channel.onReadable(this);
                        return;
                    } else if (count < 0) {
                        channel.close(); // the peer has ended its output, and everything was sent back
                        return;
                    }
                    echoed.addAndGet(count);
                }
            } catch (SmcException e) {
                System.err.println(e.category() + ": " + e.getMessage());
                channel.abort();
            }
        }
        // end
    }

    @ParameterizedTest
    @ValueSource(strings = {"channel", "streams", "options", "nonblocking"})
    void shouldShowInTheDocumentationWhatIsRunHere(String name) throws Exception {
        List<String> source = Files.readAllLines(HERE);
        int begin = IntStream.range(0, source.size())
                .filter(i -> source.get(i).strip().equals("// README " + name))
                .findFirst()
                .orElseThrow();
        String text = source.subList(begin + 1, source.size()).stream()
                .takeWhile(line -> !line.strip().equals("// end"))
                .collect(Collectors.joining("\n"));

        String shown = "<!-- snippet: " + name + " -->\n```java\n"
                + text.stripTrailing().stripIndent() + "\n```\n";

        assertThat(Files.readString(README) + Files.readString(GUIDE)).contains(shown);
    }
}
