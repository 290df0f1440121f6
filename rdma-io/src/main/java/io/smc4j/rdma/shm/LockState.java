package io.smc4j.rdma.shm;

/** What a probe of a file's exclusive lock found. */
enum LockState {
    /** Nobody holds it. */
    FREE,
    HELD,
    /** There is no such file. */
    MISSING,
    /** The kernel would not tell: no file descriptors left, for instance. */
    UNKNOWN
}
