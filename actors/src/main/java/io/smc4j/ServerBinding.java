package io.smc4j;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** A listening port of {@link Smc#bind}. */
public interface ServerBinding {
    /** The bound address; the port is the real one if 0 was asked for. */
    InetSocketAddress localAddress();

    /** Stops listening; connections already handed out live on. Completes when the port is free again. Idempotent. */
    CompletionStage<Done> unbind();
}
