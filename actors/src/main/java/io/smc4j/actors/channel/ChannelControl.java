package io.smc4j.actors.channel;

import io.smc4j.ConnectionInfo;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** What a channel asks of the actor behind it. Any thread; nothing here blocks, requests only pass a message on. */
public interface ChannelControl {
    /** The application closed: deliver what was written, then end. Called once. */
    void closeRequested();

    /** The application will write no more. Called once. */
    void shutdownOutputRequested();

    /** The application wants the end at once; may come after {@link #closeRequested}. Called once. */
    void abortRequested();

    /** The connection as it is now. */
    ConnectionInfo info();

    /** Completes when nothing of the connection is left; exceptionally with the reason if it was aborted. */
    CompletionStage<Done> terminated();
}
