package io.smc4j.testkit.explore.smc;

/** What the environment may do in the explored world, each so many times: it bounds the number of states. */
public enum Budget {
    /** Another connection is made to the server. */
    CONNECT,
    /** An application writes a byte. */
    WRITE,
    /** An application closes its connection. */
    CLOSE,
    /** An application shuts down its output. */
    SHUTDOWN,
    /** An application aborts its connection. */
    ABORT,
    /** A link fails. */
    LINK_FAILURE,
    /** A port goes down, with all links on it. */
    PORT_DOWN,
    /** A port that is down comes up. */
    PORT_UP,
    /** A deadline passes although something else could still happen first. */
    EARLY_DEADLINE,
    /** A step of termination takes longer than its deadline. */
    SLOW_END,
    /** A group without connections reaches the end of its idle time. */
    IDLE,
    /** A node shuts its group down. */
    TERMINATE,
    /** A node's process dies. */
    CRASH
}
