package io.smc4j.testkit.explore.smc;

import io.smc4j.testkit.explore.BrokenPromise;
import org.jspecify.annotations.Nullable;

/** What must hold in the explored world. Names are stable: tests assert on them. */
public enum Promise {
    /** Nothing that was freed or has not come to be is used: queue pairs, buffers, connections, the group. */
    NOT_USED_AFTER_FREE,
    /** Whatever is freed, stopped, unlisted or released is so exactly once. */
    FREED_ONCE,
    /** An owner frees when everything below it has stopped; a queue pair goes after its last work request. */
    CHILDREN_FIRST,
    /** A group leaves the registry, once, before anything else of its end; nobody is matched to it after that. */
    UNLIST_FIRST,
    /** Every connection ends with exactly one reason. */
    ONE_REASON,
    /** Bytes are read as they were written, once, in order, all of them before an orderly end. */
    NO_BYTE_LOST,
    /** A message for a former incarnation, link or connection has no effect on its successor. */
    INCARNATION,
    /** Whoever waits for a peer has armed a deadline. */
    DEADLINE_ARMED,
    /** Every request is answered, once. */
    WAITERS_ANSWERED,
    /** A buffer is not used again while the peer may still write to it. */
    BUFFER_SAFE,
    /** Work is posted on a queue pair that is ready for it. */
    POSTED_WHEN_READY,
    /** What the group's book says of its links and connections is so. */
    BOOK_IS_TRUE,
    /** Where nothing has failed nobody needs a deadline to get on. */
    NO_NEEDLESS_WAIT,
    /** When nothing is left to do, both ends have the same links, and connections are open or over at both ends. */
    ENDS_AGREE,
    /** A group, link or connection whose end has begun comes to its end. */
    ENDING_ENDS;

    void check(boolean holds, String what, @Nullable Object... arguments) {
        if (!holds) {
            throw new BrokenPromise(name(), what.formatted(arguments));
        }
    }
}
