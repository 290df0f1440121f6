package io.smc4j.benchmarks.perf.peer;

import io.smc4j.BindOptions;
import io.smc4j.ConnectOptions;
import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.SmcServerChannel;
import io.smc4j.Transport;
import io.smc4j.TransportPreference;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** smc4j's channels, blocking. */
final class SmcPeer extends BlockingPeer {
    private static final int AT_A_TIME = 16;

    private final SmcSystem system;
    private final TransportPreference preference;
    private final Transport transport;
    private final Function<SmcChannel, Wire> calls;

    private SmcPeer(
            SmcSystem system, TransportPreference preference, Transport transport, Function<SmcChannel, Wire> calls) {
        this.system = system;
        this.preference = preference;
        this.transport = transport;
        this.calls = calls;
    }

    /** By {@code read} and {@code write}. */
    static SmcPeer copying(SmcSystem system, TransportPreference preference, Transport transport) {
        return new SmcPeer(system, preference, transport, SmcWire::new);
    }

    /** By {@code claim} and {@code peek}. */
    static SmcPeer inPlace(SmcSystem system, TransportPreference preference, Transport transport) {
        return new SmcPeer(system, preference, transport, InPlaceWire::new);
    }

    @Override
    Acceptor listen() {
        SmcServerChannel server = Await.stage(system.smc()
                .listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        BindOptions.defaults().withTransport(preference).withBacklog(1024)));
        return new SmcAcceptor(server, calls);
    }

    @Override
    Wire connect(String address) throws IOException, InterruptedException {
        SmcChannel channel = system.smc()
                .connectBlocking(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(address)),
                        ConnectOptions.defaults().withTransport(preference));
        requireTransport(channel, transport);
        return calls.apply(channel);
    }

    /** Some at a time: nobody measures how long that takes, and a thousand one after the other take seconds in a cold JVM. */
    @Override
    void connect(String address, int count, Consumer<Wire> made) throws IOException {
        InetSocketAddress remote = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(address));
        ConnectOptions options = ConnectOptions.defaults().withTransport(preference);
        for (int done = 0; done < count; done += AT_A_TIME) {
            List<CompletionStage<SmcChannel>> connecting = Stream.generate(
                            () -> system.smc().connect(remote, options))
                    .limit(Math.min(AT_A_TIME, count - done))
                    .toList();
            for (CompletionStage<SmcChannel> next : connecting) {
                SmcChannel channel = Await.stage(next);
                made.accept(calls.apply(channel));
                requireTransport(channel, transport);
            }
        }
    }

    /** A figure of TCP under the name of SMC would be a lie. */
    static void requireTransport(SmcChannel channel, Transport wanted) throws IOException {
        Transport actual = channel.info().transport();
        if (actual != wanted) {
            String why = channel.info().fallback().map(Object::toString).orElse("no reason given");
            channel.abort();
            throw new IOException("wanted " + wanted.label() + ", got " + actual.label() + ": " + why);
        }
    }

    @Override
    public void close() {
        system.close();
    }

    private record SmcAcceptor(SmcServerChannel server, Function<SmcChannel, Wire> calls) implements Acceptor {
        @Override
        public String address() {
            return Integer.toString(server.localAddress().getPort());
        }

        @Override
        public Wire accept() throws IOException, InterruptedException {
            return calls.apply(server.acceptBlocking());
        }

        @Override
        public void close() {
            server.close();
        }
    }

    private record SmcWire(SmcChannel channel) implements Wire {
        @Override
        public int read(ByteBuffer target) throws IOException {
            return channel.read(target);
        }

        @Override
        public void write(ByteBuffer source) throws IOException {
            channel.write(source);
        }

        @Override
        public void close() {
            channel.close();
        }

        @Override
        public void answerWithoutThread(int size) {
            channel.onReadable(new Echo(channel, ByteBuffer.allocateDirect(size)));
        }
    }

    /** Small messages fit into an empty buffer, so that there is always space for the answer. */
    private record Echo(SmcChannel channel, ByteBuffer buffer) implements Runnable {
        @Override
        public void run() {
            try {
                while (true) {
                    int count = channel.tryRead(buffer);
                    if (count < 0) {
                        channel.close();
                        return;
                    } else if (count == 0) {
                        channel.onReadable(this);
                        return;
                    } else if (!buffer.hasRemaining()) {
                        channel.tryWrite(buffer.flip());
                        buffer.clear();
                    }
                }
            } catch (SmcException _) {
                channel.abort(); // the client notices, and that is where it is reported
            }
        }
    }
}
