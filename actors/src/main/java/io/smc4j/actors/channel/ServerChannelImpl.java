package io.smc4j.actors.channel;

import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.SmcException.Category;
import io.smc4j.SmcServerChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.Done;

/** An application's handle of a listener, fed through an {@link AcceptQueue}. */
public final class ServerChannelImpl implements SmcServerChannel {
    private final InetSocketAddress localAddress;
    private final AcceptQueue<SmcChannel> queue;
    private final ListenerControl control;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** The listener's actor keeps {@code queue} and offers to it. */
    public ServerChannelImpl(InetSocketAddress localAddress, AcceptQueue<SmcChannel> queue, ListenerControl control) {
        this.localAddress = localAddress;
        this.queue = queue;
        this.control = control;
    }

    @Override
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public CompletionStage<SmcChannel> accept() {
        return queue.accept().minimalCompletionStage();
    }

    @Override
    public SmcChannel acceptBlocking() throws SmcException, InterruptedException {
        return queue.acceptBlocking();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            queue.close(new SmcException(Category.BUG, "The listener on " + localAddress + " was closed by this side"));
            control.closeRequested();
        }
    }

    @Override
    public CompletionStage<Done> closed() {
        return control.closed();
    }
}
