package io.smc4j.cli.transfer;

import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.SmcServerChannel;
import io.smc4j.cli.stream.AcceptLoop;
import io.smc4j.cli.stream.Guards;
import io.smc4j.cli.stream.IdleGuard;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Accepts connections and stores the files they bring. */
final class FileServer implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 256;

    private final FileStore store;
    private final ServeListener listener;
    private final Guards guards;

    /** @param idleLimit how long a client may be silent */
    FileServer(FileStore store, Duration idleLimit, ServeListener listener) {
        this.store = store;
        this.listener = listener;
        this.guards = new Guards(idleLimit);
    }

    /**
     * Serves until {@code server} is closed.
     *
     * @param once whether to end after the first upload
     * @return with {@code once}, whether that upload succeeded
     */
    boolean run(SmcServerChannel server, boolean once) throws SmcException, InterruptedException {
        AtomicBoolean stored = new AtomicBoolean();
        new AcceptLoop(server, MOST_CONNECTIONS, "serve").run(channel -> {
            ServeConnection.Outcome outcome = serve(channel);
            stored.compareAndSet(false, outcome == ServeConnection.Outcome.STORED);
            return once
                    && switch (outcome) {
                        case STORED, REFUSED_UPLOAD -> true;
                        case ANSWERED, REFUSED -> false;
                    };
        });
        return stored.get();
    }

    private ServeConnection.Outcome serve(SmcChannel channel) {
        try (channel;
                IdleGuard guard = guards.watch(channel)) {
            return new ServeConnection(channel, guard, store, listener).serve();
        }
    }

    @Override
    public void close() {
        guards.close();
    }
}
