package io.smc4j.actors.datapath;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints with something to do for a completion queue's owner: an intrusive stack that any thread pushes to and the owner takes
 * as a whole. Nothing is allocated; an endpoint is in it at most once.
 *
 * <p>No lost push: a thread first publishes its work (volatile), then finds the endpoint's mark set or sets it. The owner
 * first clears the mark, then looks at the work. If the thread found the mark still set, the owner's look comes after
 * and sees the work; else the thread pushes the endpoint again. A push wakes a sleeping owner ({@link Doorbell}, R-60).
 */
public final class DirtySet {
    private static final VarHandle HEAD;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(DirtySet.class, "head", SmcrEndpoint.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Doorbell doorbell;
    private final Driver driver;
    private volatile @Nullable SmcrEndpoint head;

    /** Taken from the stack and not yet handed out, oldest first. Owner. */
    private @Nullable SmcrEndpoint taken;

    /** @param driver how threads that wait do the owner's work */
    public DirtySet(Doorbell doorbell, Driver driver) {
        this.doorbell = doorbell;
        this.driver = driver;
    }

    Driver driver() {
        return driver;
    }

    /** Passes on an endpoint that belongs to this owner now. Any thread. */
    public void hand(SmcrEndpoint endpoint) {
        add(endpoint);
    }

    /** Marks an endpoint for the owner. Any thread. */
    void add(SmcrEndpoint endpoint) {
        if (mark(endpoint)) {
            doorbell.wake();
        }
    }

    /**
     * Marks an endpoint, and does what is marked on the calling thread if it can. Any thread.
     *
     * @param always even if the owner is awake and would do it soon; if not, it gets more of a batch together
     */
    void addAndDrive(SmcrEndpoint endpoint, boolean always) {
        if (mark(endpoint) && !((always || doorbell.isParked()) && driver.drive(false))) {
            doorbell.wake();
        }
    }

    private boolean mark(SmcrEndpoint endpoint) {
        if (!endpoint.markDirty()) {
            return false;
        }
        while (true) {
            SmcrEndpoint old = head;
            endpoint.dirtyNext = old;
            if (HEAD.compareAndSet(this, old, endpoint)) {
                return true;
            }
        }
    }

    /** The next endpoint to look at, its mark cleared; or null. Owner. */
    public @Nullable SmcrEndpoint poll() {
        SmcrEndpoint first = taken;
        if (first == null) {
            if (head == null) {
                return null;
            }
            first = reverse((SmcrEndpoint) HEAD.getAndSet(this, null));
        }
        if (first == null) {
            return null;
        }
        taken = first.dirtyNext;
        first.dirtyNext = null;
        first.clearDirty();
        return first;
    }

    /** Whether {@link #poll} would return null. Owner. */
    public boolean isEmpty() {
        return taken == null && head == null;
    }

    /** Whether endpoints were marked that no {@link #poll} has taken yet. Any thread. */
    public boolean isMarked() {
        return head != null;
    }

    private static @Nullable SmcrEndpoint reverse(@Nullable SmcrEndpoint newest) {
        SmcrEndpoint result = null;
        SmcrEndpoint rest = newest;
        while (rest != null) {
            SmcrEndpoint next = rest.dirtyNext;
            rest.dirtyNext = result;
            result = rest;
            rest = next;
        }
        return result;
    }
}
