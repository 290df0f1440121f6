package io.smc4j.actors.datapath;

import io.smc4j.SmcException;
import io.smc4j.SmcException.Category;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Lets one reading and one writing application thread at a time into an endpoint, until closed; tells when the last has left, for
 * only then may the memory they copy from and to be given to somebody else; and lets state flags for the peer through
 * only when nobody is inside who could still write behind them. All in one atomic word, so that "the last one out does it" has no
 * gap.
 *
 * <pre>
 *  23      16 15       8     4        3        2       1       0
 * +----------+----------+------------+--------+-------+-------+-------+
 * | flags    | flags    | publishing | write  | read  | write | read  |
 * | sent     | wanted   |            | closed        | inside        |
 * +----------+----------+------------+--------+-------+-------+-------+
 * </pre>
 */
final class Gates {
    static final int READ = 1;
    static final int WRITE = 2;
    private static final int INSIDE = READ | WRITE;
    private static final int CLOSED_SHIFT = 2;
    private static final int CLOSED = INSIDE << CLOSED_SHIFT;
    private static final int PUBLISHING = 16;
    private static final int WANTED_SHIFT = 8;
    private static final int SENT_SHIFT = 16;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Gates.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile int state;

    /**
     * Enters in a direction; must be followed by {@link #leave} if true.
     *
     * @return false if it is closed
     * @throws SmcException if another thread is inside in that direction
     */
    boolean enter(int direction) throws SmcException {
        while (true) {
            int s = state;
            if ((s & direction) != 0) {
                throw new SmcException(
                        Category.BUG,
                        "a second thread " + (direction == READ ? "reads" : "writes")
                                + " while another is in a call: one thread at a time per direction");
            }
            if ((s & (direction << CLOSED_SHIFT)) != 0) {
                return false;
            }
            if (STATE.compareAndSet(this, s, s | direction)) {
                return true;
            }
        }
    }

    /** Leaves. @return 0, or flags that the caller must publish now, followed by {@link #published} */
    int leave(int direction) {
        return update(direction, 0);
    }

    /** Nobody enters in these directions any more. */
    void close(int directions) {
        update(0, directions << CLOSED_SHIFT);
    }

    /**
     * Wants state flags to be published; closes what they end: writing, and with {@code everything} reading too.
     *
     * @return as {@link #leave}
     */
    int want(int flags, boolean everything) {
        return update(0, flags << WANTED_SHIFT | (everything ? CLOSED : WRITE << CLOSED_SHIFT));
    }

    /** The flags returned by {@link #leave}, {@link #want} or this were published. @return as {@link #leave} */
    int published(int flags) {
        return update(PUBLISHING, flags << SENT_SHIFT);
    }

    private int update(int clear, int set) {
        while (true) {
            int s = state;
            int next = (s & ~clear) | set;
            int due = due(next);
            if (due != 0) {
                next |= PUBLISHING;
            }
            if (STATE.compareAndSet(this, s, next)) {
                return due;
            }
        }
    }

    private static int due(int s) {
        int wanted = s >>> WANTED_SHIFT & 0xFF;
        int sent = s >>> SENT_SHIFT & 0xFF;
        // Flags that close only writing need the writer out; those that close both need both out.
        boolean busy = (s & INSIDE & s >>> CLOSED_SHIFT) != 0 || (s & PUBLISHING) != 0;
        return busy || (wanted & ~sent) == 0 ? 0 : wanted;
    }

    boolean isClosed(int direction) {
        return (state & (direction << CLOSED_SHIFT)) != 0;
    }

    /** Whether state flags were wanted. */
    boolean flagsWanted() {
        return (state >>> WANTED_SHIFT & 0xFF) != 0;
    }

    /** Both directions closed, and nobody is inside or publishing. */
    boolean isQuiet() {
        return (state & (INSIDE | CLOSED | PUBLISHING)) == CLOSED;
    }
}
