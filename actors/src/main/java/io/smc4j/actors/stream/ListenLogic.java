package io.smc4j.actors.stream;

import io.smc4j.IncomingConnection;
import io.smc4j.ServerBinding;
import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import io.smc4j.SmcServerChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.jspecify.annotations.Nullable;

/**
 * Takes one connection from the listener for each one that downstream asks for; the rest wait in the listener's backlog. Ends when
 * downstream cancels or the binding is unbound; connections already handed out live on.
 */
final class ListenLogic extends GraphStageLogic {
    private final Outlet<IncomingConnection> out;
    private final Supplier<CompletionStage<SmcServerChannel>> listen;
    private final StreamSettings settings;
    private final CompletableFuture<ServerBinding> bound;
    private final Handoff<SmcServerChannel> listener = new Handoff<>(SmcServerChannel::close);
    private final Handoff<SmcChannel> accepted = new Handoff<>(SmcChannel::abort);
    private final AsyncCallback<Done> onAccepted;
    private final AsyncCallback<Done> onUnbound;
    private final AsyncCallback<Throwable> onFailure;
    /** Set before the listener is closed for it: an accept that fails by that may be heard of before the unbinding is. */
    private final AtomicBoolean unbound = new AtomicBoolean();

    private @Nullable SmcServerChannel server;

    ListenLogic(
            SourceShape<IncomingConnection> shape,
            Supplier<CompletionStage<SmcServerChannel>> listen,
            StreamSettings settings,
            CompletableFuture<ServerBinding> bound) {
        super(shape);
        this.out = shape.out();
        this.listen = listen;
        this.settings = settings;
        this.bound = bound;
        this.onAccepted = createAsyncCallback(done -> pushAccepted());
        this.onUnbound = createAsyncCallback(done -> completeStage());
        this.onFailure = createAsyncCallback(this::fail);
        setHandler(out, new AbstractOutHandler() {
            @Override
            public void onPull() {
                accept();
            }
        });
    }

    @Override
    public void preStart() {
        AsyncCallback<Done> listening = createAsyncCallback(done -> start());
        CompletionStage<SmcServerChannel> _ = listen.get().whenComplete((opened, failure) -> {
            if (opened != null) {
                listener.put(opened);
                listening.invoke(Done.getInstance());
            } else {
                onFailure.invoke(failure);
            }
        });
    }

    private void start() {
        server = listener.take();
        if (server == null) {
            return;
        }
        boolean _ = bound.complete(new Binding(server, unbound, onUnbound));
        if (isAvailable(out)) {
            accept();
        }
    }

    private void accept() {
        if (server == null) {
            return; // not yet listening
        }
        CompletionStage<SmcChannel> _ = server.accept().whenComplete((channel, failure) -> {
            if (channel != null) {
                accepted.put(channel);
                onAccepted.invoke(Done.getInstance());
            } else {
                onFailure.invoke(failure);
            }
        });
    }

    private void pushAccepted() {
        SmcChannel channel = accepted.take();
        if (channel != null) {
            push(out, new StreamConnection(channel, settings));
        }
    }

    private void fail(Throwable failure) {
        if (unbound.get()) {
            completeStage();
            return;
        }
        Throwable reason =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        boolean _ = bound.completeExceptionally(reason);
        failStage(reason);
    }

    @Override
    public void postStop() {
        listener.close();
        accepted.close();
        if (server != null) {
            server.close();
        }
        boolean _ = bound.completeExceptionally(
                new SmcException(SmcException.Category.RETRY, "The stream ended before it was listening"));
    }

    private record Binding(SmcServerChannel server, AtomicBoolean unbound, AsyncCallback<Done> onUnbound)
            implements ServerBinding {
        @Override
        public InetSocketAddress localAddress() {
            return server.localAddress();
        }

        @Override
        public CompletionStage<Done> unbind() {
            unbound.set(true);
            onUnbound.invoke(Done.getInstance());
            server.close();
            return server.closed();
        }
    }
}
