package io.smc4j.actors.stream;

import io.smc4j.OutgoingConnection;
import io.smc4j.SmcChannel;
import io.smc4j.SmcException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SubscriptionWithCancelException;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.jspecify.annotations.Nullable;

/**
 * The two directions of a connection, back-pressured each by itself: bytes are read only when there is demand for them, and an
 * element is pulled only when the one before is in the connection's buffer.
 *
 * <ul>
 *   <li>Upstream finishes: half-close; reading goes on until the peer ends too, then the connection is closed.
 *   <li>The peer ends: the outlet completes; writing goes on until upstream finishes, then the connection is closed.
 *   <li>Downstream cancels: what the peer still sends is read and dropped, as with Pekko's Tcp; writing goes on.
 *   <li>Upstream fails, downstream cancels because of a failure, the stream is stopped: abort.
 *   <li>The connection fails: the stage fails with its reason.
 * </ul>
 */
final class ChannelFlowLogic<T> extends GraphStageLogic {
    /** Most chunks dropped in one turn, so that a busy peer leaves room for writing. */
    private static final int DROPS_PER_TURN = 16;

    private final Inlet<T> in;
    private final Outlet<T> out;
    private final Supplier<CompletionStage<SmcChannel>> connect;
    private final CompletableFuture<OutgoingConnection> connected;
    private final ElementInput<T> input;
    private final ElementOutput<T> output;
    private final Patience readingPatience;
    private final Patience writingPatience;
    private @Nullable T received;
    private boolean readingAgain;
    private boolean writingAgain;
    private final Handoff<SmcChannel> arrival = new Handoff<>(SmcChannel::abort);
    private final Runnable onReadable;
    private final Runnable onWritable;
    private final AsyncCallback<Done> onReadAgain;
    private final AsyncCallback<Done> onWriteAgain;
    private final AsyncCallback<Throwable> onFailure;
    private @Nullable SmcChannel channel;
    private boolean inputEnded;
    private boolean outputEnded;
    private boolean finished;

    ChannelFlowLogic(
            FlowShape<T, T> shape,
            Supplier<CompletionStage<SmcChannel>> connect,
            ElementInput<T> input,
            ElementOutput<T> output,
            long patienceNanos,
            CompletableFuture<OutgoingConnection> connected) {
        super(shape);
        this.in = shape.in();
        this.out = shape.out();
        this.connect = connect;
        this.connected = connected;
        this.input = input;
        this.output = output;
        this.readingPatience = new Patience(patienceNanos);
        this.writingPatience = new Patience(patienceNanos);
        AsyncCallback<Done> readable = createAsyncCallback(done -> readMore());
        AsyncCallback<Done> writable = createAsyncCallback(done -> writeMore());
        this.onReadable = () -> readable.invoke(Done.getInstance());
        this.onWritable = () -> writable.invoke(Done.getInstance());
        this.onReadAgain = createAsyncCallback(done -> readAgain());
        this.onWriteAgain = createAsyncCallback(done -> writeAgain());
        this.onFailure = createAsyncCallback(this::fail);
        setHandler(in, new Upstream());
        setHandler(out, new Downstream());
    }

    @Override
    public void preStart() {
        setKeepGoing(true); // both ports may be closed while bytes are still to be written
        AsyncCallback<Done> arrived = createAsyncCallback(done -> start());
        CompletionStage<SmcChannel> _ = connect.get().whenComplete((opened, failure) -> {
            if (opened != null) {
                arrival.put(opened);
                arrived.invoke(Done.getInstance());
            } else {
                onFailure.invoke(failure);
            }
        });
    }

    private void start() {
        SmcChannel opened = arrival.take();
        if (opened == null) {
            return;
        }
        channel = opened;
        boolean _ = connected.complete(opened::info);
        CompletionStage<Done> _ = opened.terminated().whenComplete((done, failure) -> {
            if (failure != null) {
                onFailure.invoke(failure);
            }
        });
        writeMore();
        if (!finished && (isAvailable(out) || inputEnded)) {
            readMore();
        }
    }

    private final class Upstream extends AbstractInHandler {
        @Override
        public void onPush() {
            output.add(grab(in));
            writeMore();
        }

        @Override
        public void onUpstreamFinish() {
            writeMore();
        }

        @Override
        public void onUpstreamFailure(Throwable failure) {
            fail(failure);
        }
    }

    private final class Downstream extends AbstractOutHandler {
        @Override
        public void onPull() {
            readMore();
        }

        @Override
        public void onDownstreamFinish(Throwable cause) {
            if (cause instanceof SubscriptionWithCancelException.NonFailureCancellation) {
                inputEnded = true;
                finishIfBothEnded();
                readMore();
            } else {
                fail(cause);
            }
        }
    }

    /** Writes what was pushed and pulls the next, or ends the output behind the last. */
    private void writeMore() {
        SmcChannel open = channel;
        if (open == null || outputEnded) {
            finishIfNeverConnected();
            return;
        }
        try {
            if (!output.writeTo(open)) {
                if (!writingAgain) {
                    writingAgain = true;
                    onWriteAgain.invoke(Done.getInstance());
                }
            } else if (!isClosed(in)) {
                if (!hasBeenPulled(in)) {
                    pull(in);
                }
            } else {
                outputEnded = true;
                finishIfBothEnded();
                if (!finished) {
                    open.shutdownOutput();
                }
            }
        } catch (SmcException e) {
            fail(e);
        }
    }

    /** Reads if somebody wants bytes, or drops them if nobody will. */
    private void readMore() {
        SmcChannel open = channel;
        if (open == null || finished || input.atEnd()) {
            return;
        }
        try {
            if (isClosed(out)) {
                dropMore(open);
            } else if (isAvailable(out)) {
                if (tryToRead(open)) {
                    deliver();
                } else if (!readingAgain) {
                    readingAgain = true;
                    onReadAgain.invoke(Done.getInstance());
                }
            }
        } catch (SmcException e) {
            fail(e);
        }
    }

    private void deliver() {
        T bytes = received;
        if (bytes != null) {
            received = null;
            push(out, bytes);
        } else {
            inputEnded = true;
            complete(out);
            finishIfBothEnded();
        }
    }

    /** In a turn of its own: what this stage is about to write, which the peer's answer may depend on, goes first. */
    private void readAgain() {
        readingAgain = false;
        SmcChannel open = channel;
        if (open == null || finished || input.atEnd() || !isAvailable(out)) {
            readMore();
            return;
        }
        try {
            if (readingPatience.until(() -> tryToRead(open))) {
                deliver();
            } else {
                waitForBytes(open);
            }
        } catch (SmcException e) {
            fail(e);
        }
    }

    private void writeAgain() {
        writingAgain = false;
        SmcChannel open = channel;
        if (open == null || outputEnded) {
            return;
        }
        try {
            if (writingPatience.until(() -> output.writeTo(open))) {
                writeMore();
            } else {
                open.onWritable(onWritable);
            }
        } catch (SmcException e) {
            fail(e);
        }
    }

    private boolean tryToRead(SmcChannel open) throws SmcException {
        received = input.readFrom(open);
        return received != null || input.atEnd();
    }

    private void dropMore(SmcChannel open) throws SmcException {
        int dropped = 0;
        while (dropped < DROPS_PER_TURN && input.dropFrom(open)) {
            dropped++;
        }
        if (!input.atEnd()) {
            waitForBytes(open);
        }
    }

    private void waitForBytes(SmcChannel open) {
        open.onReadable(onReadable);
    }

    private void finishIfNeverConnected() {
        if (channel == null && isClosed(in) && output.isEmpty() && inputEnded) {
            finished = true;
            completeStage();
        }
    }

    private void finishIfBothEnded() {
        finishIfNeverConnected();
        if (!finished && channel != null && inputEnded && outputEnded) {
            finished = true;
            channel.close();
            completeStage();
        }
    }

    private void fail(Throwable failure) {
        Throwable reason =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        boolean _ = connected.completeExceptionally(reason);
        failStage(reason); // postStop aborts
    }

    @Override
    public void postStop() {
        arrival.close();
        if (!finished && channel != null) {
            channel.abort();
        }
        if (!connected.isDone()) {
            boolean _ = connected.completeExceptionally(new SmcException(
                    SmcException.Category.RECONNECT, "The stream ended before its connection was open"));
        }
    }
}
