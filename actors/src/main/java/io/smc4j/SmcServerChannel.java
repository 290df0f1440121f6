package io.smc4j;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** A bound address that hands out accepted connections. Thread-safe. */
public interface SmcServerChannel extends AutoCloseable {
    /** The bound address; the port is the real one if 0 was asked for. */
    InetSocketAddress localAddress();

    /** The next accepted connection; each call takes one. Fails with an {@link SmcException} once closed. */
    CompletionStage<SmcChannel> accept();

    /** As {@link #accept}, waiting for it. An interrupt takes no connection away: the next call gets it. */
    SmcChannel acceptBlocking() throws SmcException, InterruptedException;

    /** Stops listening; connections already taken live on, others are aborted. Returns at once. Idempotent. */
    @Override
    void close();

    /** Completes when the port is free again. */
    CompletionStage<Done> closed();
}
