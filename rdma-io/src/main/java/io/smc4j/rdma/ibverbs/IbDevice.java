package io.smc4j.rdma.ibverbs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.smc4j.rdma.AsyncEvent;
import io.smc4j.rdma.CompletionQueue;
import io.smc4j.rdma.PortInfo;
import io.smc4j.rdma.ProtectionDomain;
import io.smc4j.rdma.RdmaDevice;
import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaException.Category;
import io.smc4j.rdma.work.WorkId;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * An opened RDMA adapter.
 *
 * <p>Thread rules: as {@link RdmaDevice} says. The device's lock is held while its lists change, and for no verbs call. A thread of its
 * own waits for asynchronous events, so that who polls completions need not ask the kernel for them; it also keeps the ports up to
 * date, so that {@link #ports} makes no system call.
 */
final class IbDevice implements RdmaDevice {
    /** Queue pairs of one device that can be told apart in work-request ids. */
    static final int MAX_QUEUE_PAIRS = WorkId.MAX_QUEUE_PAIRS;

    /** As much as SMC sends inline: an LLC or CDC message is 44 bytes. */
    static final int INLINE_WANTED = 64;

    private final Verbs verbs;
    private final String name;
    private final long context;
    private final Verbs.Operations operations;
    private final IbPorts portReader;
    private final Queue<AsyncEvent> events = new ConcurrentLinkedQueue<>();
    private final AtomicReferenceArray<@Nullable IbQueuePair> queuePairs = new AtomicReferenceArray<>(MAX_QUEUE_PAIRS);
    private final Object lock = new Object();
    private final Set<Object> open = new LinkedHashSet<>();
    private final int[] generations = new int[MAX_QUEUE_PAIRS];
    private final EventWaiter eventWaiter;
    private volatile List<PortInfo> ports;
    private final int maxInline;
    private int domainsEver;
    private boolean closed;

    private IbDevice(Verbs verbs, String name, long context) throws RdmaException {
        this.verbs = verbs;
        this.name = name;
        this.context = context;
        operations = verbs.operations(context);
        portReader = new IbPorts(verbs, context, name, checkedPortCount());
        ports = portReader.read();
        maxInline = InlineProbe.inlineBytes(this, INLINE_WANTED);
        eventWaiter = EventWaiter.start(this);
    }

    static IbDevice open(Verbs verbs, String name) throws RdmaException {
        long context = verbs.openDevice(name);
        if (context < 0) {
            throw Errors.of("ibv_open_device(" + name + ")", context);
        }
        boolean opened = false;
        try {
            IbDevice device = new IbDevice(verbs, name, context);
            opened = true;
            return device;
        } finally {
            if (!opened) {
                verbs.closeDevice(context);
            }
        }
    }

    /** Looks whether this library lays its structs out as we think: facts that are known from elsewhere must be where they should. */
    private int checkedPortCount() throws RdmaException {
        MemorySegment head = verbs.at(context, Abi.CONTEXT_BYTES);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(Abi.DEVICE_BYTES + 64, 8);
            int error = verbs.queryDevice(context, attributes);
            if (error != 0) {
                throw Errors.of("ibv_query_device(" + name + ")", error);
            }
            int count = attributes.get(JAVA_BYTE, Abi.DEVICE_PORTS) & 0xff;
            boolean operationsThere = head.get(JAVA_LONG, Abi.CONTEXT_POLL_CQ) != 0
                    && head.get(JAVA_LONG, Abi.CONTEXT_REQ_NOTIFY_CQ) != 0
                    && head.get(JAVA_LONG, Abi.CONTEXT_POST_SEND) != 0
                    && head.get(JAVA_LONG, Abi.CONTEXT_POST_RECV) != 0;
            if (count == 0 || !operationsThere || head.get(JAVA_LONG, Abi.CONTEXT_DEVICE) == 0) {
                throw layout("struct ibv_context or ibv_device_attr");
            }
            return count;
        }
    }

    static RdmaException layout(String struct) {
        return new RdmaException(
                Category.UNSUPPORTED,
                "this version of libibverbs lays " + struct
                        + " out in another way than smc4j expects (ABI 1 on 64-bit Linux): it is not used. Please report it, with"
                        + " the version of the package");
    }

    Verbs verbs() {
        return verbs;
    }

    Verbs.Operations operations() {
        return operations;
    }

    long context() {
        return context;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<PortInfo> ports() {
        return ports;
    }

    @Override
    public PortInfo port(int number) {
        List<PortInfo> now = ports;
        if (number < 1 || number > now.size()) {
            throw new IllegalArgumentException(name + " has ports 1 to " + now.size() + ", not " + number);
        }
        return now.get(number - 1);
    }

    @Override
    public int maxInlineBytes() {
        return maxInline;
    }

    @Override
    public ProtectionDomain allocateProtectionDomain() throws RdmaException {
        requireOpen();
        long pd = verbs.allocPd(context);
        if (pd < 0) {
            throw Errors.of("ibv_alloc_pd(" + name + ")", pd);
        }
        synchronized (lock) {
            IbProtectionDomain domain = new IbProtectionDomain(this, pd, ++domainsEver);
            open.add(domain);
            return domain;
        }
    }

    @Override
    public CompletionQueue createCompletionQueue(int capacity) throws RdmaException {
        if (capacity < 1) {
            throw new RdmaException(
                    Category.MISUSE, "a completion queue holds at least one completion, not " + capacity);
        }
        requireOpen();
        IbCompletionQueue queue = IbCompletionQueue.create(this, capacity);
        opened(queue);
        return queue;
    }

    void opened(Object resource) {
        synchronized (lock) {
            open.add(resource);
        }
    }

    boolean isOpen(Object resource) {
        synchronized (lock) {
            return open.contains(resource);
        }
    }

    /** Lists a queue pair. @return its slot */
    int list(IbQueuePair queuePair) throws RdmaException {
        synchronized (lock) {
            for (int i = 0; i < MAX_QUEUE_PAIRS; i++) {
                if (queuePairs.get(i) == null) {
                    queuePairs.set(i, queuePair);
                    open.add(queuePair);
                    return i;
                }
            }
        }
        throw new RdmaException(
                Category.OUT_OF_RESOURCES, name + " has its limit of " + MAX_QUEUE_PAIRS + " queue pairs");
    }

    int nextGeneration(int slot) {
        synchronized (lock) {
            return ++generations[slot];
        }
    }

    /** The queue pair of a completion, or null if it was destroyed. */
    @Nullable
    IbQueuePair queuePair(int slot) {
        return queuePairs.get(slot);
    }

    void unlist(IbQueuePair queuePair, int slot) {
        synchronized (lock) {
            queuePairs.set(slot, null);
            open.remove(queuePair);
        }
    }

    /** What remains open of those that depend on {@code closing}; then it is forgotten, or an exception names them. */
    void closing(Object closing) {
        synchronized (lock) {
            List<Object> left = new ArrayList<>();
            for (Object resource : open) {
                if (resource instanceof Dependent d && d.dependsOn(closing)) {
                    left.add(resource);
                }
            }
            refuseIfAny(closing, left);
            open.remove(closing);
        }
    }

    private static void refuseIfAny(Object closing, List<?> left) {
        if (!left.isEmpty()) {
            throw new IllegalStateException(
                    "%s cannot be closed before what uses it; still open: %s".formatted(closing, left));
        }
    }

    /** A resource that must be closed before another. */
    interface Dependent {
        boolean dependsOn(Object other);
    }

    @Override
    public @Nullable AsyncEvent pollAsyncEvent() {
        return events.poll();
    }

    /** Queues an event, and wakes the owners so that one of them picks it up. */
    void raise(AsyncEvent event) {
        events.add(event);
        synchronized (lock) {
            for (Object resource : open) {
                if (resource instanceof IbCompletionQueue queue) {
                    queue.wakeUp();
                }
            }
        }
    }

    /** By the event thread: a queue pair went to ERROR by itself. */
    void queuePairFatal(int number) {
        for (int i = 0; i < MAX_QUEUE_PAIRS; i++) {
            IbQueuePair queuePair = queuePairs.get(i);
            if (queuePair != null && queuePair.number() == number) {
                queuePair.broke();
            }
        }
        raise(new AsyncEvent.QueuePairFatal(number));
    }

    /** By the event thread: ports may have changed. */
    void refreshPorts() {
        try {
            ports = portReader.read();
        } catch (RdmaException e) {
            raise(new AsyncEvent.DeviceFatal("its ports cannot be read any more: " + e.getMessage()));
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            refuseIfAny(this, List.copyOf(open));
            closed = true;
        }
        eventWaiter.close();
        verbs.closeDevice(context);
    }

    private void requireOpen() throws RdmaException {
        synchronized (lock) {
            if (closed) {
                throw new RdmaException(Category.MISUSE, this + " is closed");
            }
        }
    }

    @Override
    public String toString() {
        return "RDMA device " + name;
    }
}
