package io.smc4j.actors.channel;
import io.smc4j.ConnectionInfo;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
public interface ChannelControl {
    void closeRequested();
    void shutdownOutputRequested();
    void abortRequested();
    ConnectionInfo info();
    CompletionStage<Done> terminated();
}
