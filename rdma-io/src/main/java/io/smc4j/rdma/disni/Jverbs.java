package io.smc4j.rdma.disni;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The jVerbs calls that the device uses. Every call may throw {@link IOException} with the errno's text in its message, as DiSNI does.
 *
 * <p>Thread rules: a channel and its ids by one thread at a time (DiSNI keeps them in a plain map), but for {@link Channel#next},
 * which may block in one thread while another destroys ids; the rest as the verbs.
 */
interface Jverbs {
    /** An rdma_cm event channel. */
    Channel openChannel() throws IOException;

    /** {@code rdma_event_channel}. */
    interface Channel {
        Id createId() throws IOException;

        /** The next event, acknowledged; null if none came in time. */
        @Nullable
        Event next(int timeoutMillis) throws IOException;

        void destroy() throws IOException;
    }

    /** @param id whose event it is; for a connection request the new id that it made */
    record Event(EventType type, Id id) {}

    /** {@code enum rdma_cm_event_type}, in its order. */
    enum EventType {
        ADDR_RESOLVED,
        ADDR_ERROR,
        ROUTE_RESOLVED,
        ROUTE_ERROR,
        CONNECT_REQUEST,
        CONNECT_RESPONSE,
        CONNECT_ERROR,
        UNREACHABLE,
        REJECTED,
        ESTABLISHED,
        DISCONNECTED,
        DEVICE_REMOVAL,
        MULTICAST_JOIN,
        MULTICAST_ERROR,
        ADDR_CHANGE,
        TIMEWAIT_EXIT
    }

    /** {@code rdma_cm_id}. */
    interface Id {
        void bind(InetSocketAddress local) throws IOException;

        InetSocketAddress local() throws IOException;

        InetSocketAddress remote() throws IOException;

        void listen(int backlog) throws IOException;

        void resolveAddress(InetSocketAddress remote, int timeoutMillis) throws IOException;

        void resolveRoute(int timeoutMillis) throws IOException;

        void connect(int retryCount, int rnrRetry) throws IOException;

        void accept(int retryCount, int rnrRetry) throws IOException;

        /** Moves its queue pair to ERROR, and tells the peer if it is connected. */
        void disconnect() throws IOException;

        /** Device context; only of a bound id. */
        Context context() throws IOException;

        /** Makes its RC queue pair, in INIT. */
        Pair createPair(Domain domain, Queue queue, int sends, int receives, int inlineBytes) throws IOException;

        void destroyPair() throws IOException;

        /** Destroying a request that was not accepted rejects it. */
        void destroy() throws IOException;
    }

    /** {@code ibv_context}. */
    interface Context {
        Domain allocateDomain() throws IOException;

        Queue createQueue(int capacity) throws IOException;
    }

    /** {@code ibv_pd}. */
    interface Domain {
        Memory register(long address, int length, boolean remoteWrite) throws IOException;

        void free() throws IOException;
    }

    /** {@code ibv_mr}. */
    interface Memory {
        int localKey();

        int remoteKey();

        void free() throws IOException;
    }

    /** {@code ibv_cq} with a completion channel. */
    interface Queue {
        /** A stateful call that takes up to {@code most} completions at a time. */
        Poll poller(int most) throws IOException;

        void requestNotify() throws IOException;

        /** Waits for a notification, and acknowledges it. @return whether there was one */
        boolean awaitEvent(int timeoutMillis) throws IOException;

        void destroy() throws IOException;
    }

    /** {@code SVCPollCq}. Allocates nothing when executed. */
    interface Poll {
        int execute() throws IOException;

        long id(int i);

        int status(int i);

        /** Meaningful if the status is success. */
        int bytes(int i);

        void free();
    }

    /** {@code ibv_qp}. */
    interface Pair {
        /** A stateful call for requests of this opcode (of {@code SendWorkRequest}) with so many segments. */
        Send sender(int opcode, int segments) throws IOException;

        /** A stateful call that posts this receive. */
        Receive receiver(long id, long address, int length, int localKey) throws IOException;
    }

    /** {@code SVCPostSend} of one request. Allocates nothing. */
    interface Send {
        void request(long id, int flags, long remoteAddress, int remoteKey);

        void segment(int i, long address, int length, int localKey);

        void execute() throws IOException;

        void free();
    }

    /** {@code SVCPostRecv} of one request. DiSNI cannot change it once it is made. */
    interface Receive {
        void execute() throws IOException;

        void free();
    }
}
