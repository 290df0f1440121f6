package io.smc4j.actors.datapath;

import io.smc4j.SmcException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The data half of an SMC-R connection: application threads copy into a send ring and out of the RMBE, and mark the endpoint
 * dirty; the owner of the completion queue turns ring contents into RDMA writes and CDC messages, and takes those of the peer.
 *
 * <p>Source: RFC 7609 section 4; spec sections 5.2 to 5.7, as Linux does.
 */
public final class SmcrEndpoint implements Endpoint {
    /** So many reads in a row that found nothing are somebody's who polls instead of waiting. */
    private static final int PATIENT_READS = 3;

    private static final VarHandle DIRTY;
    private static final VarHandle DRAIN_WANTED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            DIRTY = lookup.findVarHandle(SmcrEndpoint.class, "dirty", boolean.class);
            DRAIN_WANTED = lookup.findVarHandle(SmcrEndpoint.class, "drainWanted", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int alertToken;
    private final SendRing sendRing;
    private final ReceiveRing receiveRing;
    private final Views views;
    private final ApplicationSide app;
    private final SmcrSender sender;
    private final SmcrReceiver receiver;
    private final BooleanSupplier readable = this::readable;
    private final BooleanSupplier writable = this::writable;
    private final BooleanSupplier readableIfDriven = () -> readable() || drive() && readable();
    private final BooleanSupplier writableIfDriven = () -> writable() || drive() && writable();

    private volatile @Nullable DataLink link;
    private volatile @Nullable DirtySet dirtySet;
    private volatile boolean dirty;
    private volatile boolean drainWanted;
    private volatile boolean tainted;

    /** Its threads wait in calls, not by callbacks: they do the owner's work meanwhile. */
    private volatile boolean driving;

    /**
     * A thread waited since something was sent last: it may be about to answer, and whoever asked waits for that. A hint, written by
     * both application threads.
     */
    private boolean waited;

    /** Reads in a row that found nothing, without waiting: somebody polls. A hint. */
    private int emptyReads;

    /** State flags to send: no application thread is inside any more that could add data before them. */
    private volatile int wantedFlags;

    /** For {@link DirtySet}. */
    @Nullable
    SmcrEndpoint dirtyNext;

    /** The link in whose queue for a slot it stands. */
    private @Nullable DataLink queuedAt;

    /**
     * @param alertToken the token that the peer puts into CDC messages for this connection; unique in its link group, not 0
     * @param sendBuffer registered for every link the endpoint will use
     * @param rmbe the receive buffer element, zeroed; its size is the size of the ring
     */
    public SmcrEndpoint(
            int alertToken,
            SendBuffer sendBuffer,
            MemorySegment rmbe,
            EndpointListener listener,
            WaitSettings waiting) {
        if (alertToken == 0) {
            throw new IllegalArgumentException("an alert token is never 0");
        }
        this.alertToken = alertToken;
        sendRing = new SendRing(sendBuffer);
        receiveRing = new ReceiveRing(rmbe);
        views = new Views(rmbe, sendBuffer.memory());
        app = new ApplicationSide(listener, Spinner.driving(waiting), Spinner.driving(waiting));
        sender = new SmcrSender(this, sendRing, receiveRing, app);
        receiver = new SmcrReceiver(receiveRing, sender, app);
    }

    public int alertToken() {
        return alertToken;
    }

    @Override
    public long tryRead(MemorySegment target, long offset, long length) throws SmcException {
        Objects.checkFromIndexSize(offset, length, target.byteSize());
        if (!app.enterToRead()) {
            return -1;
        }
        try {
            int n = receiveRing.read(target, offset, length);
            if (n == 0 && pollsByDriving()) {
                n = receiveRing.read(target, offset, length);
            }
            return n > 0 ? taken(n) : noneOrEnd();
        } catch (IllegalStateException e) {
            throw memoryGone(e);
        } finally {
            publish(app.gates.leave(Gates.READ));
        }
    }

    /** Somebody who looks again and again without ever waiting drives as well. */
    private boolean pollsByDriving() {
        return (emptyReads >= PATIENT_READS || ++emptyReads >= PATIENT_READS) && drive();
    }

    private int taken(int n) {
        emptyReads = 0;
        if (receiveRing.updateDue()) {
            touch();
        }
        return n;
    }

    /** The owner publishes data before flags: if the flags say "no more", what is there now is all. */
    private int noneOrEnd() {
        return ApplicationSide.endOfStream(app.peerFlags()) && !receiveRing.hasUnread() ? -1 : 0;
    }

    @Override
    public long peek(Window window) throws SmcException {
        window.clear();
        if (!app.enterToRead()) {
            window.show(MemorySegment.NULL, 0, -1);
            return -1;
        }
        try {
            long n = receiveRing.peek(window, views);
            if (n == 0 && pollsByDriving()) {
                n = receiveRing.peek(window, views);
            }
            if (n == 0) {
                n = noneOrEnd();
                window.show(window.memory(), window.offset(), n);
            }
            return n;
        } catch (IllegalStateException e) {
            throw app.memoryGone(e);
        } finally {
            publish(app.gates.leave(Gates.READ));
        }
    }

    @Override
    public void release(long bytes) throws SmcException {
        if (app.enterToRead()) {
            receiveRing.take((int) bytes);
            int _ = taken((int) bytes);
            publish(app.gates.leave(Gates.READ));
        }
    }

    @Override
    public long tryWrite(MemorySegment source, long offset, long length) throws SmcException {
        Objects.checkFromIndexSize(offset, length, source.byteSize());
        app.enterToWrite();
        long total = 0;
        try {
            requireHearing();
            int n;
            while (total < length && (n = sendRing.write(source, offset + total, length - total)) > 0) {
                total += n;
            }
            return total;
        } catch (IllegalStateException e) {
            throw memoryGone(e);
        } finally {
            if (total > 0) {
                touch();
            }
            publish(app.gates.leave(Gates.WRITE));
        }
    }

    /** The mark is there before the byte is: the owner, which looks at them in the other order, never sends the byte without it. */
    @Override
    public boolean tryWriteUrgent(byte value) throws SmcException {
        app.enterToWrite();
        try {
            requireHearing();
            if (sendRing.space() == 0) {
                return false;
            }
            sender.markUrgent(sendRing.prepared() + 1);
            int _ = sendRing.write(MemorySegment.ofArray(new byte[] {value}), 0, 1);
            touch();
            return true;
        } catch (IllegalStateException e) {
            throw memoryGone(e);
        } finally {
            publish(app.gates.leave(Gates.WRITE));
        }
    }

    private void requireHearing() throws SmcException {
        if (ApplicationSide.deaf(app.peerFlags())) {
            throw app.peerDeaf();
        }
    }

    @Override
    public long claim(Window window, long most) throws SmcException {
        window.clear();
        app.enterToWrite();
        try {
            requireHearing();
            return sendRing.claim(window, views, most);
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
            requireHearing();
            sendRing.add((int) bytes);
            touch();
        } finally {
            publish(app.gates.leave(Gates.WRITE));
        }
    }

    @Override
    public boolean closeViews() {
        return views.close();
    }

    private SmcException memoryGone(IllegalStateException e) {
        if (sendRing.memory().scope().isAlive() && receiveRing.memory().scope().isAlive()) {
            throw e; // the application's own segment is closed
        }
        return app.memoryGone(e);
    }

    @Override
    public boolean readable() {
        return receiveRing.hasUnread()
                || app.hasFailed()
                || app.isReadingStopped()
                || app.gates.isClosed(Gates.READ)
                || ApplicationSide.endOfStream(app.peerFlags());
    }

    @Override
    public boolean writable() {
        return sendRing.space() > 0
                || app.hasFailed()
                || app.isWritingStopped()
                || app.gates.isClosed(Gates.WRITE)
                || ApplicationSide.deaf(app.peerFlags());
    }

    @Override
    public void awaitReadable(long timeoutNanos) throws InterruptedException {
        emptyReads = 0;
        await(app.readSpinner, app.readWaiter, readable, readableIfDriven, timeoutNanos);
    }

    @Override
    public void awaitWritable(long timeoutNanos) throws InterruptedException {
        await(app.writeSpinner, app.writeWaiter, writable, writableIfDriven, timeoutNanos);
    }

    private void await(
            Spinner spinner, Waiter waiter, BooleanSupplier condition, BooleanSupplier ifDriven, long timeoutNanos)
            throws InterruptedException {
        if (timeoutNanos <= 0) {
            return;
        }
        if (!driving) {
            driving = true;
        }
        waited = true;
        if (!spinner.spin(ifDriven, timeoutNanos)) {
            stopDriving();
            waiter.park(condition, SmcrEndpoint::nothing, timeoutNanos);
        }
    }

    /** A round of the owner's work. @return whether one was done, here or elsewhere */
    private boolean drive() {
        DirtySet set = dirtySet;
        return set != null && set.driver().drive(true);
    }

    private void stopDriving() {
        DirtySet set = dirtySet;
        if (set != null) {
            set.driver().leave();
        }
    }

    private static void nothing() {}

    @Override
    public void onReadable(Runnable callback) {
        driving = false;
        emptyReads = 0;
        app.readWaiter.register(callback, readable, SmcrEndpoint::nothing);
    }

    @Override
    public void onWritable(Runnable callback) {
        driving = false;
        app.writeWaiter.register(callback, writable, SmcrEndpoint::nothing);
    }

    @Override
    public long bytesRead() {
        return receiveRing.consumed();
    }

    @Override
    public long bytesWritten() {
        return sendRing.prepared();
    }

    @Override
    public void stopWriting() {
        app.gates.close(Gates.WRITE);
        app.stopWriting();
    }

    @Override
    public void stopReading() {
        app.stopReading();
    }

    @Override
    public boolean hasUnread() {
        return receiveRing.hasUnread();
    }

    @Override
    public void requestDrained() {
        drainWanted = true;
        tellIfDrained(); // else the owner does, after the completion that empties the ring
    }

    void tellIfDrained() {
        if (drainWanted
                && sendRing.prepared() == sendRing.finished()
                && DRAIN_WANTED.compareAndSet(this, true, false)) {
            app.listener().drained();
        }
    }

    /** D and C go out behind all data accepted, A at once. Whatever the flags, nothing is accepted any more. */
    @Override
    public void sendStateFlags(int stateFlags) {
        publish(app.gates.want(stateFlags, ApplicationSide.deaf(stateFlags)));
        app.wakeAll();
    }

    private void publish(int due) {
        for (int flags = due; flags != 0; flags = app.gates.published(flags)) {
            wantedFlags = flags; // includes all wanted before; one publisher at a time
            touch();
        }
    }

    @Override
    public void fail(SmcException reason) {
        app.fail(reason);
    }

    // ---- dirty set ----

    private void touch() {
        DirtySet set = dirtySet;
        if (set == null) {
            return;
        }
        if (driving) {
            boolean answers = waited;
            waited = false;
            set.addAndDrive(this, answers);
        } else {
            set.add(this);
        }
    }

    boolean markDirty() {
        return !dirty && DIRTY.compareAndSet(this, false, true);
    }

    void clearDirty() {
        dirty = false;
    }

    // ---- owner of the completion queue ----

    /** The link it is attached to, or null. Any thread. */
    public @Nullable DataLink link() {
        return link;
    }

    /** Begins to use a first link. Owner. */
    public void attach(DataLink to, DirtySet set) {
        link = to;
        dirtySet = set;
        sender.use(to);
    }

    /** The peer is known: begins to send. Owner. */
    public void open(PeerRmbe peer) {
        sender.open(peer);
    }

    /**
     * First half of a link switch, by the owner that has it: from now on the owner of {@code to} is responsible. Nothing is sent
     * before {@link #moved}.
     */
    public void move(DataLink to, DirtySet set) {
        sender.unbind();
        link = to;
        dirtySet = set;
    }

    /** Second half of a link switch, by the owner of the new link: validates, and sends again what was not confirmed. */
    public void moved() {
        DataLink to = link;
        if (to != null) {
            sender.use(to);
        }
    }

    /** Sends what is to be sent. Owner. */
    public void push() {
        sender.push();
    }

    /** Takes a CDC message, already known to be one. Owner. @return false if it was stale or ignored */
    public boolean receive(MemorySegment message, long offset) {
        return receiver.receive(message, offset);
    }

    /** Whether a link switch of the peer is to be judged once all completion queues of the group were drained. Owner. */
    public boolean isDoubtful() {
        return receiver.isDoubtful();
    }

    /** Judges a link switch of the peer. Owner. @return whether data was lost: then the connection is being aborted */
    public boolean judge() {
        return receiver.judge();
    }

    /** A CDC of this endpoint completed on a link. Owner of that link. */
    @SuppressWarnings("ReferenceEquality") // a link is the object: one per incarnation
    public void completed(DataLink on, CdcSlot slot, boolean success) {
        if (link == on) {
            sender.completed(slot, success);
        } else {
            sender.completedLate();
        }
    }

    /** A CDC of this endpoint will never be seen to complete: its memory may be touched for ever. Owner of that link. */
    public void abandoned() {
        tainted = true;
        sender.completedLate();
    }

    /** Ends it: no application thread enters any more, no new data is sent, state flags still are. Owner. */
    public void beginDetach() {
        app.closeGates();
        sender.detach();
    }

    /** State flags are not known to have arrived yet. Owner. */
    public boolean flagsOutstanding() {
        return sender.flagsOutstanding();
    }

    /** Whether the peer has said that it reads no more: from then on nothing is written to its buffer. Any thread. */
    public boolean peerReadsNoMore() {
        return ApplicationSide.deaf(app.peerFlags());
    }

    /** CDC messages, with the writes before them, that have not completed on any link. Any thread. */
    public int inFlight() {
        return sender.inFlight();
    }

    /** Nothing in flight on any link, no application thread inside, nothing lent. */
    public boolean isQuiet() {
        return app.gates.isQuiet() && sender.inFlight() == 0 && views.close();
    }

    /** Some request was given up without knowing its end: the memory must be quarantined. */
    public boolean isTainted() {
        return tainted;
    }

    /** It is about to queue for a slot of the link it uses. Owner. @return false if it stands there already */
    @SuppressWarnings("ReferenceEquality") // a link is the object: one per incarnation
    public boolean beginQueueing(DataLink at) {
        if (queuedAt == at) {
            return false;
        }
        queuedAt = at;
        return true;
    }

    /** It was taken from the queue for a slot. Owner. */
    public void endQueueing() {
        queuedAt = null;
    }

    /** Quiet and done: it belongs to no owner any more. Owner. */
    public void detached() {
        sender.unbind();
        link = null;
        dirtySet = null;
    }

    int wantedFlags() {
        return wantedFlags;
    }
}
