package io.smc4j.rdma.ibverbs;

import java.lang.foreign.MemorySegment;

/**
 * The calls into libibverbs (and the few into the C library) that the device makes: the seam at which tests take the place of the
 * hardware. Pointers are {@code long}s, 0 is NULL.
 *
 * <p>Results as C gives them, but for errors of calls that return a pointer or a count: those are negated errno values. Calls that
 * return 0 or an errno value return just that. {@code pollCq}, {@code requestNotify}, {@code postSend} and {@code postReceive} are the
 * hot path: they allocate nothing.
 */
interface Verbs {
    /** Names of the RDMA devices of this host with an {@code /dev/infiniband/uverbs} of their own. */
    String[] deviceNames();

    /** Opens a device by name. @return the context, or the negated errno */
    long openDevice(String name);

    int closeDevice(long context);

    int queryDevice(long context, MemorySegment attributes);

    int queryPort(long context, int port, MemorySegment attributes);

    /** Fills {@code entries}. @return how many, or a negated errno */
    long queryGidTable(long context, MemorySegment entries, int most);

    long allocPd(long context);

    int deallocPd(long pd);

    long registerMemory(long pd, long address, long length, int access);

    int deregisterMemory(long mr);

    long createChannel(long context);

    int destroyChannel(long channel);

    long createCq(long context, int entries, long channel);

    int destroyCq(long cq);

    long createQp(long pd, MemorySegment initAttributes);

    int modifyQp(long qp, MemorySegment attributes, int mask);

    /** {@code ibv_query_qp} for the state alone. @return an {@code enum ibv_qp_state}, or a negated errno */
    int queryQpState(long qp);

    int destroyQp(long qp);

    /** Takes one event from a channel that does not block, and acknowledges it. @return whether there was one */
    boolean takeCqEvent(long channel);

    /** Takes an asynchronous event. @return 0 with the event filled in, or the negated errno (EAGAIN: none) */
    int getAsyncEvent(long context, MemorySegment event);

    void ackAsyncEvent(MemorySegment event);

    /** Memory of the library at an address that it returned. */
    MemorySegment at(long address, long bytes);

    // ---- hot path: function pointers in the context ----

    /** The operations of a context. */
    Operations operations(long context);

    /** What is called for every work request; of one context. */
    interface Operations {
        /** @return completions found, negative on error */
        int pollCq(long cq, int entries, long wc);

        int requestNotify(long cq);

        int postSend(long qp, long workRequest, long bad);

        int postReceive(long qp, long workRequest, long bad);
    }

    // ---- files ----

    /** Makes reads of a file descriptor return at once. @return 0 or a negated errno */
    int setNonBlocking(int fd);

    /** {@code eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)}. @return the descriptor, or a negated errno */
    int eventFd();

    /** Makes an {@link #eventFd} readable. */
    void signal(int fd);

    /** Makes it unreadable again. */
    void drain(int fd);

    int closeFd(int fd);

    /**
     * {@code poll(2)} for reading on up to as many descriptors as the segment holds.
     *
     * @param descriptors array of {@code struct pollfd}, 8 bytes each
     * @return descriptors with something to read, or a negated errno
     */
    int poll(MemorySegment descriptors, int count, int timeoutMillis);
}
