package io.smc4j.rdma;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An opened RDMA device context.
 *
 * <p>Thread rules: {@link #pollAsyncEvent} from one thread at a time (whoever polls the completion queue); everything else from any thread.
 * Close order is the verbs': queue pairs, memory regions, protection domains, completion queues, then the device;
 * {@link #close} refuses (with {@link IllegalStateException}) while any of them is open, and names them.
 */
public interface RdmaDevice extends AutoCloseable {
    /** Name within its provider, e.g. {@code soft0} or {@code mlx5_0}. */
    String name();

    /** The ports, ordered by number, as they are now. */
    List<PortInfo> ports();

    /** One port as it is now. @throws IllegalArgumentException if there is no such port */
    PortInfo port(int number);

    /** Largest payload of a send or write that may be posted with {@link SendWorkRequest#INLINE}. */
    int maxInlineBytes();

    ProtectionDomain allocateProtectionDomain() throws RdmaException;

    /** @param capacity completions it can hold before the device is in error */
    CompletionQueue createCompletionQueue(int capacity) throws RdmaException;

    /** The next asynchronous event, or null. Never blocks. */
    @Nullable
    AsyncEvent pollAsyncEvent();

    @Override
    void close();
}
