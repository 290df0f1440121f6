package io.smc4j.actors.channel;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** What a server channel asks of the listener's actor. Any thread; nothing here blocks. */
public interface ListenerControl {
    /** The application closed: stop listening. Called once. */
    void closeRequested();

    /** Completes when the port is free again. */
    CompletionStage<Done> closed();
}
