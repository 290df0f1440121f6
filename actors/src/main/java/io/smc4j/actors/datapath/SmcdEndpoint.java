package io.smc4j.actors.datapath;

import io.smc4j.SmcException;
import io.smc4j.protocol.cdc.CdcFlags;
import io.smc4j.protocol.cdc.SmcdControlArea;
import io.smc4j.rdma.Dmb;
import io.smc4j.rdma.RemoteDmb;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * The data half of an SMC-D connection: the writer copies straight into the peer's DMB and publishes a cursor, the reader polls
 * its own. Nobody in between; the ISM device's owner only hears doorbells of sleepers.
 *
 * <p>The last thing this side ever writes into the peer's DMB are the state flags C or A: they wait until no thread is inside a
 * call, because the peer may give its DMB to another connection once it has seen them.
 *
 * <p>Source: spec section 5.9, as Linux does; the DMB is 32 bytes of control area and a ring.
 */
public final class SmcdEndpoint implements Endpoint {
    /**
     * A sleeping platform thread looks for an interrupt so often, at first and after it has slept long: futexes do not hear of
     * interrupts, and thousands of sleepers must not cost anything.
     */
    private static final long FIRST_INTERRUPT_CHECK_NANOS = 50_000_000;

    private static final long LAST_INTERRUPT_CHECK_NANOS = 1_000_000_000;

    private final Dmb dmb;
    private final RemoteDmb remote;
    private final MemorySegment own;
    private final ApplicationSide app;
    private final Views views;
    private final SmcdInput input;
    private final SmcdOutput output;
    private final BooleanSupplier readable = this::readable;
    private final BooleanSupplier writable = this::writable;
    private final WaitingPlace readerPlace;
    private final WaitingPlace writerPlace;
    private final Runnable requestSignal;

    private boolean signalRequested;
    private long lastProducerGroup;
    private long lastConsumerGroup;

    /**
     * Both DMBs are zeroed or as a finished connection left them zeroed again; they stay open until the endpoint is detached.
     *
     * @param own the DMB the peer writes into
     * @param peer the DMB this side writes into
     */
    public SmcdEndpoint(Dmb own, RemoteDmb peer, EndpointListener listener, WaitSettings waiting) {
        this.dmb = own;
        this.remote = peer;
        this.own = own.memory();
        requestSignal = own::requestSignal;
        app = new ApplicationSide(listener, new Spinner(waiting), new Spinner(waiting));
        readerPlace = new WaitingPlace(own, peer, app.readSpinner);
        writerPlace = new WaitingPlace(own, peer, app.writeSpinner);
        views = new Views(this.own.asSlice(SmcdMemory.HEADER), peer.memory().asSlice(SmcdMemory.HEADER));
        input = new SmcdInput(own, peer, app, views);
        output = new SmcdOutput(own, peer, app, views);
        peer.memory().set(ValueLayout.JAVA_BYTE, SmcdControlArea.OFFSET_TYPE, (byte) SmcdControlArea.TYPE);
    }

    @Override
    public long tryRead(MemorySegment target, long offset, long length) throws SmcException {
        Objects.checkFromIndexSize(offset, length, target.byteSize());
        if (!app.enterToRead()) {
            return -1;
        }
        try {
            return input.read(target, offset, length);
        } catch (IllegalStateException e) {
            throw ownMemoryGone(e);
        } finally {
            publish(app.gates.leave(Gates.READ));
        }
    }

    @Override
    public long peek(Window window) throws SmcException {
        window.clear();
        if (!app.enterToRead()) {
            window.show(MemorySegment.NULL, 0, -1);
            return -1;
        }
        try {
            return input.peek(window);
        } catch (IllegalStateException e) {
            throw app.memoryGone(e);
        } finally {
            publish(app.gates.leave(Gates.READ));
        }
    }

    @Override
    public void release(long bytes) throws SmcException {
        if (!app.enterToRead()) {
            return;
        }
        try {
            input.release(bytes);
        } catch (IllegalStateException e) {
            throw app.memoryGone(e);
        } finally {
            publish(app.gates.leave(Gates.READ));
        }
    }

    @Override
    public long tryWrite(MemorySegment source, long offset, long length) throws SmcException {
        Objects.checkFromIndexSize(offset, length, source.byteSize());
        app.enterToWrite();
        try {
            return output.write(source, offset, length);
        } catch (IllegalStateException e) {
            throw ownMemoryGone(e);
        } finally {
            publish(app.gates.leave(Gates.WRITE));
        }
    }

    @Override
    public long claim(Window window, long most) throws SmcException {
        window.clear();
        app.enterToWrite();
        try {
            return output.claim(window, most);
        } catch (IllegalStateException e) {
            throw app.memoryGone(e);
        } finally {
            publish(app.gates.leave(Gates.WRITE));
        }
    }

    @Override
    public void commit(long bytes) throws SmcException {
        app.enterToWrite();
        try {
            output.commit(bytes);
        } catch (IllegalStateException e) {
            throw app.memoryGone(e);
        } finally {
            publish(app.gates.leave(Gates.WRITE));
        }
    }

    @Override
    public boolean closeViews() {
        return views.close();
    }

    private SmcException ownMemoryGone(IllegalStateException e) {
        if (own.scope().isAlive() && remote.memory().scope().isAlive()) {
            throw e; // the application's own segment is closed
        }
        return app.memoryGone(e);
    }

    @Override
    public boolean readable() {
        if (app.hasFailed() || app.isReadingStopped() || app.gates.isClosed(Gates.READ)) {
            return true;
        }
        try {
            return input.hasUnread()
                    || ApplicationSide.endOfStream(SmcdControlArea.stateFlags(SmcdMemory.consumerGroup(own)));
        } catch (IllegalStateException e) {
            return failed(e);
        }
    }

    @Override
    public boolean writable() {
        if (app.hasFailed() || app.isWritingStopped() || app.gates.isClosed(Gates.WRITE)) {
            return true;
        }
        try {
            return output.hasSpace();
        } catch (IllegalStateException e) {
            return failed(e);
        }
    }

    private boolean failed(IllegalStateException e) {
        app.memoryGone(e);
        return true;
    }

    @Override
    public void awaitReadable(long timeoutNanos) throws InterruptedException {
        await(readable, readerPlace, app.readSpinner, app.readWaiter, timeoutNanos);
    }

    @Override
    public void awaitWritable(long timeoutNanos) throws InterruptedException {
        await(writable, writerPlace, app.writeSpinner, app.writeWaiter, timeoutNanos);
    }

    private void await(BooleanSupplier condition, WaitingPlace place, Spinner spinner, Waiter waiter, long timeoutNanos)
            throws InterruptedException {
        if (timeoutNanos <= 0 || spinner.spin(condition, timeoutNanos)) {
            return;
        }
        try {
            if (Thread.currentThread().isVirtual()) {
                waiter.park(condition, requestSignal, timeoutNanos);
            } else if (!place.leave() || !spinner.spin(condition, timeoutNanos)) {
                sleep(condition, timeoutNanos);
            }
        } catch (IllegalStateException e) {
            app.memoryGone(e);
        }
    }

    /** A platform thread sleeps on the memory itself: one futex from the peer's writer to it. */
    private void sleep(BooleanSupplier condition, long timeoutNanos) throws InterruptedException {
        long start = System.nanoTime();
        long check = FIRST_INTERRUPT_CHECK_NANOS;
        while (true) {
            int seen = dmb.prepareWait();
            if (condition.getAsBoolean()) {
                return;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting for a connection");
            }
            long remaining = timeoutNanos - (System.nanoTime() - start);
            if (remaining <= 0) {
                return;
            }
            dmb.awaitSignal(seen, Math.min(remaining, check));
            check = Math.min(2 * check, LAST_INTERRUPT_CHECK_NANOS);
        }
    }

    @Override
    public void onReadable(Runnable callback) {
        app.readWaiter.register(callback, readable, this::askForSignal);
    }

    @Override
    public void onWritable(Runnable callback) {
        app.writeWaiter.register(callback, writable, this::askForSignal);
    }

    private void askForSignal() {
        try {
            dmb.requestSignal();
        } catch (IllegalStateException e) {
            app.memoryGone(e);
        }
    }

    @Override
    public long bytesRead() {
        return input.bytesRead();
    }

    @Override
    public long bytesWritten() {
        return output.bytesWritten();
    }

    @Override
    public void stopWriting() {
        app.gates.close(Gates.WRITE);
        app.stopWriting();
        wakeSleepers();
    }

    @Override
    public void stopReading() {
        app.stopReading();
        wakeSleepers();
    }

    @Override
    public boolean hasUnread() {
        try {
            return input.hasUnread();
        } catch (IllegalStateException e) {
            return false;
        }
    }

    /** What is accepted is in the peer's memory already. */
    @Override
    public void requestDrained() {
        app.listener().drained();
    }

    /** Whatever the flags, nothing is written any more; with C or A nothing is read any more either. */
    @Override
    public void sendStateFlags(int stateFlags) {
        publish(app.gates.want(stateFlags, ApplicationSide.deaf(stateFlags)));
        wakeSleepers();
        askForFlags();
    }

    /** Once this side is closed, the peer's last flags are all that is waited for: the peer rings, or is seen to have been first. */
    private void askForFlags() {
        if (app.isReadingStopped()) {
            askForSignal();
            noticeFlags();
        }
    }

    private void noticeFlags() {
        try {
            app.notice(SmcdControlArea.stateFlags(SmcdMemory.consumerGroup(own)));
        } catch (IllegalStateException e) {
            app.memoryGone(e);
        }
    }

    /** Sets state flags in the peer's DMB; nobody is inside who could still write there. */
    private void publish(int due) {
        for (int flags = due; flags != 0; flags = app.gates.published(flags)) {
            try {
                if (!SmcdMemory.changeFlags(remote.memory(), 0, CdcFlags.WRITE_BLOCKED, flags)) {
                    app.violation("its control area changes without end");
                }
                remote.signal();
            } catch (IllegalStateException e) {
                app.memoryGone(e);
            }
        }
    }

    @Override
    public void fail(SmcException reason) {
        app.fail(reason);
        wakeSleepers();
    }

    private void wakeSleepers() {
        app.wakeAll();
        try {
            dmb.wakeWaiters();
        } catch (IllegalStateException e) {
            app.memoryGone(e);
        }
    }

    // ---- owner of the ISM device ----

    /** Begins to listen to the peer. Owner thread. */
    public void attached() {
        request();
        look();
    }

    /** The peer rang the DMB's doorbell. Owner thread. */
    public void onSignal() {
        signalRequested = false;
        // Ask for the next doorbell before looking, so that nothing falls between. While data flows and nobody sleeps,
        // do not
        // ask: each doorbell would cost the writer a system call. Then watch() asks again when the flow has stopped.
        if (app.readWaiter.waiting()
                || app.writeWaiter.waiting()
                || app.gates.flagsWanted()
                || app.isReadingStopped()) {
            request();
        }
        look();
    }

    /**
     * Now and then: sees flags of a peer whose doorbell was not asked for, and asks for it once data stopped flowing. An endpoint
     * whose doorbell was asked for needs no look, so that idle connections cost nothing. Owner thread.
     *
     * @return whether its doorbell is asked for
     */
    public boolean watch() {
        if (signalRequested) {
            return true;
        }
        try {
            long producer = SmcdMemory.producerGroup(own);
            long consumer = SmcdMemory.consumerGroup(own);
            if (producer == lastProducerGroup && consumer == lastConsumerGroup) {
                request();
            }
            lastProducerGroup = producer;
            lastConsumerGroup = consumer;
        } catch (IllegalStateException e) {
            app.memoryGone(e);
        }
        look();
        return signalRequested;
    }

    private void request() {
        signalRequested = true;
        askForSignal();
    }

    private void look() {
        noticeFlags();
        if (readable()) {
            app.readWaiter.wake();
        }
        if (writable()) {
            app.writeWaiter.wake();
        }
    }

    /** No application thread enters any more. Any thread. */
    public void close() {
        app.closeGates();
        wakeSleepers();
    }

    /** Closed, no application thread is inside, and nothing is lent: nobody touches its memory any more. Any thread. */
    public boolean isQuiet() {
        return app.gates.isQuiet() && views.close();
    }
}
