import io.smc4j.ConnectionInfo;
import io.smc4j.LinkGroupInfo;
import io.smc4j.Smc;
import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.SmcServerChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * An smc4j node that does what the kernel's side ({@code smct.py}) does, by the same names: takes one command a connection on a control
 * port of loopback, writes what happened line by line, and OK as the last line if it went well.
 *
 * <pre>
 * server HOST PORT MODE N SIZE     says LISTENING, serves, says what came
 * client HOST PORT MODE N SIZE
 * info                             the open connections and their link groups
 * shutdown                         ends the node in good order
 * </pre>
 */
final class Peer {
    private static final int CHUNK = 1 << 18;
    private static final long PATIENCE_SECONDS = 120;

    private final Smc smc;
    private final Set<SmcChannel> open = ConcurrentHashMap.newKeySet();

    private Peer(Smc smc) {
        this.smc = smc;
    }

    /** @param arguments the file that is to hold the control port once it answers */
    public static void main(String[] arguments) throws Exception {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "peer");
        Smc smc = Smc.get(system);
        // The first listener waits for the devices: when the port is known, the node is ready.
        smc.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).toCompletableFuture().join().close();
        Peer peer = new Peer(smc);
        try (ServerSocket control = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Path file = Path.of(arguments[0]);
            Path half = Path.of(arguments[0] + ".half");
            Files.writeString(half, String.valueOf(control.getLocalPort()));
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
            while (true) {
                Socket commander = control.accept();
                Thread.ofPlatform().daemon().start(() -> peer.command(commander));
            }
        }
    }

    private void command(Socket commander) {
        try (commander;
                PrintWriter out = new PrintWriter(commander.getOutputStream(), true)) {
            String line = new BufferedReader(new InputStreamReader(commander.getInputStream())).readLine();
            try {
                run(line.strip().split(" +"), out);
                out.println("OK");
            } catch (Throwable e) {
                out.println("FAIL " + e);
                e.printStackTrace();
            }
        } catch (IOException e) {
            System.err.println("control connection: " + e);
        }
    }

    private void run(String[] words, PrintWriter out) throws Exception {
        switch (words[0]) {
            case "server" -> server(address(words), words[3], number(words, 4), (int) number(words, 5), out);
            case "client" -> client(address(words), words[3], number(words, 4), (int) number(words, 5), out);
            case "info" -> open.forEach(channel -> describe(channel, out));
            case "shutdown" -> smc.shutdown().toCompletableFuture().get(60, TimeUnit.SECONDS);
            default -> throw new IllegalArgumentException("no such command: " + words[0]);
        }
    }

    private static InetSocketAddress address(String[] words) {
        return new InetSocketAddress(words[1], Integer.parseInt(words[2]));
    }

    private static long number(String[] words, int i) {
        return words.length > i ? Long.parseLong(words[i]) : 0;
    }

    // ---- server ----

    private void server(InetSocketAddress address, String mode, long n, int size, PrintWriter out) throws Exception {
        SmcServerChannel listener =
                smc.listen(address).toCompletableFuture().get(60, TimeUnit.SECONDS);
        try {
            out.println("LISTENING");
            switch (mode) {
                case "many" -> {
                    List<Thread> threads = new ArrayList<>();
                    List<Throwable> failures = new ArrayList<>();
                    for (int i = 0; i < n; i++) {
                        SmcChannel channel = accept(listener, i == 0 ? out : null);
                        threads.add(Thread.ofVirtual().start(() -> {
                            try {
                                echo(channel);
                            } catch (Exception e) {
                                failures.add(e);
                            } finally {
                                close(channel);
                            }
                        }));
                    }
                    for (Thread thread : threads) {
                        thread.join();
                    }
                    if (!failures.isEmpty()) {
                        throw new IllegalStateException(failures.size() + " failed, one with " + failures.getFirst());
                    }
                }
                case "cycle" -> {
                    for (int i = 0; i < n; i++) {
                        SmcChannel channel = accept(listener, i == 0 ? out : null);
                        echo(channel);
                        close(channel);
                    }
                }
                default -> {
                    SmcChannel channel = accept(listener, out);
                    try {
                        serve(channel, mode, n, out);
                    } finally {
                        describe(channel, out);
                        close(channel);
                    }
                }
            }
        } finally {
            listener.close();
        }
    }

    private SmcChannel accept(SmcServerChannel listener, PrintWriter out) throws Exception {
        SmcChannel channel = listener.accept().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        open.add(channel);
        if (out != null) {
            describe(channel, out);
        }
        return channel;
    }

    private void close(SmcChannel channel) {
        open.remove(channel);
        channel.close();
    }

    private void serve(SmcChannel channel, String mode, long n, PrintWriter out) throws Exception {
        switch (mode) {
            case "echo", "hold" -> out.println("server: echoed " + echo(channel) + " bytes, end of stream");
            case "bulk" -> {
                receive(channel, n);
                channel.write(ByteBuffer.wrap(new byte[] {'k'}));
                out.println("server: got " + n + " bytes, end of stream " + (channel.read(ByteBuffer.allocate(1)) < 0));
            }
            case "duplex" -> {
                duplex(channel, n, 1, 2, out);
                out.println("server: got " + n + " bytes, right ones");
                channel.read(ByteBuffer.allocate(1));
            }
            case "halfclose" -> {
                out.println("server: got " + readToEnd(channel) + " and end of stream; answering");
                channel.write(text("answer after half close"));
            }
            case "urgent", "urgent-out" -> out.println("server: got " + readToEnd(channel) + " and end of stream");
            case "abort" -> {
                channel.write(text("never read"));
                try {
                    out.println("server: got " + readToEnd(channel) + " and end of stream");
                } catch (SmcException e) {
                    out.println("server: " + e.category() + " " + e.getMessage());
                }
            }
            default -> throw new IllegalArgumentException("no such mode: " + mode);
        }
    }

    // ---- client ----

    private void client(InetSocketAddress address, String mode, long n, int size, PrintWriter out) throws Exception {
        switch (mode) {
            case "many" -> many(address, (int) n, size, out);
            case "cycle" -> {
                for (int i = 0; i < n; i++) {
                    SmcChannel channel = connect(address, i == 0 ? out : null);
                    rounds(channel, 1, size);
                    close(channel);
                    channel.terminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
                }
                out.println("client: " + n + " connections");
            }
            default -> {
                SmcChannel channel = connect(address, out);
                try {
                    call(channel, mode, n, size, out);
                    describe(channel, out);
                } finally {
                    close(channel);
                }
                try {
                    channel.terminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
                    out.println("client: ended in good order");
                } catch (java.util.concurrent.ExecutionException e) {
                    out.println("client: ended with " + e.getCause().getMessage());
                }
            }
        }
    }

    private void many(InetSocketAddress address, int n, int size, PrintWriter out) throws Exception {
        List<SmcChannel> channels = new ArrayList<>();
        var stages = java.util.stream.IntStream.range(0, n)
                .mapToObj(i -> smc.connect(address).toCompletableFuture())
                .toList();
        for (var stage : stages) {
            SmcChannel channel = stage.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            open.add(channel);
            channels.add(channel);
        }
        describe(channels.getFirst(), out);
        long groups = channels.stream()
                .map(channel -> channel.info().linkGroup().map(LinkGroupInfo::id).orElse("tcp"))
                .distinct()
                .count();
        out.println("client: " + n + " connections in " + groups + " link group(s)");
        for (SmcChannel channel : channels) {
            rounds(channel, 2, size);
        }
        for (SmcChannel channel : channels) {
            close(channel);
        }
    }

    private SmcChannel connect(InetSocketAddress address, PrintWriter out) throws Exception {
        long start = System.nanoTime();
        SmcChannel channel = smc.connect(address).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        open.add(channel);
        if (out != null) {
            out.printf("connect %.1f ms%n", (System.nanoTime() - start) / 1e6);
            describe(channel, out);
        }
        return channel;
    }

    private void call(SmcChannel channel, String mode, long n, int size, PrintWriter out) throws Exception {
        switch (mode) {
            case "echo" -> {
                long start = System.nanoTime();
                rounds(channel, n, size);
                out.printf("echo of %d bytes: %.1f us a round trip%n", size, (System.nanoTime() - start) / 1e3 / n);
            }
            case "hold" -> {
                for (long i = 0; i < n; i++) {
                    rounds(channel, 1, 4);
                    Thread.sleep(size > 0 ? size : 500);
                }
                out.println("client: " + n + " rounds done");
            }
            case "bulk" -> {
                long start = System.nanoTime();
                ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
                for (long sent = 0; sent < n; sent += chunk.limit()) {
                    chunk.clear().limit((int) Math.min(CHUNK, n - sent));
                    while (chunk.hasRemaining()) {
                        channel.write(chunk);
                    }
                }
                readExactly(channel, 1);
                double seconds = (System.nanoTime() - start) / 1e9;
                out.printf("bulk %d bytes %.2f s %.2f MB/s%n", n, seconds, n / seconds / 1e6);
            }
            case "duplex" -> {
                duplex(channel, n, 2, 1, out);
                out.println("duplex " + n + " bytes each way");
            }
            case "halfclose" -> {
                channel.write(text("request"));
                channel.shutdownOutput();
                out.println("client: got " + readToEnd(channel) + " and end of stream");
            }
            case "urgent", "urgent-out" -> {
                channel.write(text("before"));
                channel.writeUrgent('!');
                channel.write(text("behind"));
                channel.shutdownOutput();
                readToEnd(channel);
            }
            case "abort" -> {
                readable(channel);
                channel.abort();
                out.println("client: aborted with unread data");
            }
            default -> throw new IllegalArgumentException("no such mode: " + mode);
        }
    }

    // ---- bytes ----

    private static void readable(SmcChannel channel) throws Exception {
        var readable = new java.util.concurrent.CountDownLatch(1);
        channel.onReadable(readable::countDown);
        readable.await(30, TimeUnit.SECONDS);
    }

    /** The pattern of smct.py; it begins anew after 64 KiB, so also after a CHUNK. */
    private static byte[] pattern(int n, long offset, int seed) {
        byte[] bytes = new byte[n];
        for (int k = 0; k < n; k++) {
            long i = offset + k;
            bytes[k] = (byte) (i * 31 + (i >> 8) * 7 + seed);
        }
        return bytes;
    }

    private static void rounds(SmcChannel channel, long n, int size) throws Exception {
        byte[] message = pattern(Math.max(1, size), 0, 65);
        for (long i = 0; i < n; i++) {
            if (!Arrays.equals(message, exchange(channel, message))) {
                throw new IllegalStateException("other bytes came back in round " + i);
            }
        }
    }

    /** Sends a message and reads as much. A long one at the same time: an echo waits for its reader, and buffers are not endless. */
    private static byte[] exchange(SmcChannel channel, byte[] message) throws Exception {
        if (message.length <= 32768) {
            send(channel, message);
            return readExactly(channel, message.length);
        }
        Throwable[] failure = new Throwable[1];
        Thread sender = Thread.ofPlatform().start(() -> {
            try {
                send(channel, message);
            } catch (Throwable e) {
                failure[0] = e;
            }
        });
        byte[] got = readExactly(channel, message.length);
        sender.join();
        if (failure[0] != null) {
            throw new IllegalStateException("sending failed", failure[0]);
        }
        return got;
    }

    private static void send(SmcChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static void duplex(SmcChannel channel, long n, int mine, int theirs, PrintWriter out) throws Exception {
        Throwable[] failure = new Throwable[1];
        Thread sender = Thread.ofPlatform().start(() -> {
            try {
                byte[] whole = pattern(CHUNK, 0, mine);
                for (long sent = 0; sent < n; sent += CHUNK) {
                    send(channel, Arrays.copyOf(whole, (int) Math.min(CHUNK, n - sent)));
                }
            } catch (Throwable e) {
                failure[0] = e;
            }
        });
        byte[] expected = pattern(CHUNK, 0, theirs);
        CRC32 checksum = new CRC32();
        for (long got = 0; got < n; got += CHUNK) {
            int length = (int) Math.min(CHUNK, n - got);
            byte[] bytes = readExactly(channel, length);
            int difference = Arrays.mismatch(bytes, 0, length, expected, 0, length);
            if (difference >= 0) {
                throw new IllegalStateException("byte " + (got + difference) + " is wrong");
            }
            checksum.update(bytes);
        }
        sender.join();
        if (failure[0] != null) {
            throw new IllegalStateException("sending failed", failure[0]);
        }
        out.println("crc32 of what came: " + HexFormat.of().toHexDigits((int) checksum.getValue()));
    }

    private static void receive(SmcChannel channel, long n) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
        for (long got = 0; got < n; ) {
            int k = channel.read(buffer.clear());
            if (k < 0) {
                throw new IllegalStateException("end of stream after " + got + " of " + n + " bytes");
            }
            got += k;
        }
    }

    private static byte[] readExactly(SmcChannel channel, int n) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(n);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new IllegalStateException("end of stream after " + buffer.position() + " of " + n + " bytes");
            }
        }
        return buffer.array();
    }

    private static long echo(SmcChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(65536);
        long all = 0;
        while (channel.read(buffer.clear()) >= 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                all += channel.write(buffer);
            }
        }
        return all;
    }

    private static String readToEnd(SmcChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
        while (channel.read(buffer) >= 0) {
            // more
        }
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1);
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void describe(SmcChannel channel, PrintWriter out) {
        ConnectionInfo info = channel.info();
        out.println("connection transport=" + info.transport().label() + " local=" + info.local() + " remote="
                + info.remote() + " failovers=" + info.failovers()
                + info.fallback().map(reason -> " fallback=" + reason).orElse(""));
        info.linkGroup().ifPresent(group -> {
            out.println("group id=" + group.id() + " role=" + group.role() + " type=" + group.type());
            group.links()
                    .forEach(link -> out.println("link number=" + link.number() + " state=" + link.state() + " device="
                            + link.device() + " port=" + link.port() + " gid=" + link.localGid() + " peer="
                            + link.peerGid() + " qp=" + link.localQueuePair() + " peer-qp=" + link.peerQueuePair()));
        });
    }
}
