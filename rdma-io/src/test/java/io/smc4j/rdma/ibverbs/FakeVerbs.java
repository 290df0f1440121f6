package io.smc4j.rdma.ibverbs;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A libibverbs with one device of one port, whose structs lie in memory of the test. Completions and events are what the test adds. */
final class FakeVerbs implements Verbs, Verbs.Operations {
    private static final int CHANNEL_FD = 100;
    private static final int ASYNC_FD = 101;
    private static final int EAGAIN = 11;

    /** A completion to be polled. */
    record Wc(long id, int status, int bytes) {}

    final Arena arena = Arena.ofShared();
    final Deque<Wc> completions = new ArrayDeque<>();
    final List<byte[]> modifications = new ArrayList<>();
    final List<Integer> masks = new ArrayList<>();
    final List<Long> sendIds = new ArrayList<>();
    final List<Long> receiveIds = new ArrayList<>();
    final List<String> closed = new ArrayList<>();
    final Map<String, Integer> errors = new HashMap<>();
    boolean brokenLayout;
    int portState = Abi.PORT_ACTIVE;
    int posted;
    /** Descriptors that were signalled and not drained. Guarded by itself. */
    private final Set<Integer> readable = new HashSet<>();

    private int nextQp = 17;
    private int nextFd = 200;

    private int error(String call) {
        return errors.getOrDefault(call, 0);
    }

    private long struct(String call, long bytes) {
        int error = error(call);
        return error != 0 ? -error : arena.allocate(bytes, 8).address();
    }

    @Override
    public String[] deviceNames() {
        return new String[] {"fake0"};
    }

    @Override
    public long openDevice(String name) {
        long context = struct("open", Abi.CONTEXT_BYTES);
        if (context > 0) {
            MemorySegment memory = at(context, Abi.CONTEXT_BYTES);
            memory.set(JAVA_LONG, Abi.CONTEXT_DEVICE, 1);
            memory.set(JAVA_INT, Abi.CONTEXT_ASYNC_FD, ASYNC_FD);
            for (long operation : new long[] {
                Abi.CONTEXT_POLL_CQ, Abi.CONTEXT_REQ_NOTIFY_CQ, Abi.CONTEXT_POST_SEND, Abi.CONTEXT_POST_RECV
            }) {
                memory.set(JAVA_LONG, operation, brokenLayout ? 0 : 1);
            }
        }
        return context;
    }

    @Override
    public int closeDevice(long context) {
        closed.add("device");
        return 0;
    }

    @Override
    public int queryDevice(long context, MemorySegment attributes) {
        attributes.set(JAVA_BYTE, Abi.DEVICE_PORTS, (byte) 1);
        return error("query device");
    }

    @Override
    public int queryPort(long context, int port, MemorySegment attributes) {
        attributes.set(JAVA_INT, Abi.PORT_STATE, portState);
        attributes.set(JAVA_INT, Abi.PORT_ACTIVE_MTU, 3);
        attributes.set(JAVA_BYTE, Abi.PORT_LINK_LAYER, (byte) Abi.LINK_LAYER_ETHERNET);
        return error("query port");
    }

    /** Index 0 and 1: the link-local address under RoCE v1 and v2; 2 and 3: 10.99.0.1 under both. As adapters have them. */
    @Override
    public long queryGidTable(long context, MemorySegment entries, int most) {
        gid(entries, 0, 0, Abi.GID_TYPE_ROCE_V1, 0xfe80L << 48, 0x505400fffe000101L);
        gid(entries, 1, 1, Abi.GID_TYPE_ROCE_V2, 0xfe80L << 48, 0x505400fffe000101L);
        gid(entries, 2, 2, Abi.GID_TYPE_ROCE_V1, 0, 0xffff_0a63_0001L);
        gid(entries, 3, 3, Abi.GID_TYPE_ROCE_V2, 0, 0xffff_0a63_0001L);
        return error("gids") != 0 ? -error("gids") : 4;
    }

    private static void gid(MemorySegment entries, int i, int index, int type, long high, long low) {
        MemorySegment entry = entries.asSlice(i * Abi.GID_ENTRY_BYTES, Abi.GID_ENTRY_BYTES);
        var bigEndian = ValueLayout.JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);
        entry.set(bigEndian, 0, high);
        entry.set(bigEndian, 8, low);
        entry.set(JAVA_INT, Abi.GID_INDEX, index);
        entry.set(JAVA_INT, Abi.GID_PORT, 1);
        entry.set(JAVA_INT, Abi.GID_TYPE, type);
    }

    @Override
    public long allocPd(long context) {
        return struct("pd", 16);
    }

    @Override
    public int deallocPd(long pd) {
        closed.add("pd");
        return 0;
    }

    private long registered;

    @Override
    public long registerMemory(long pd, long address, long length, int access) {
        long mr = struct("mr", Abi.MR_BYTES);
        if (mr > 0) {
            MemorySegment memory = at(mr, Abi.MR_BYTES);
            memory.set(JAVA_LONG, Abi.MR_CONTEXT, context);
            memory.set(JAVA_LONG, Abi.MR_ADDR, brokenLayout ? 0 : address);
            memory.set(JAVA_LONG, Abi.MR_LENGTH, length);
            memory.set(JAVA_INT, Abi.MR_LKEY, 77);
            memory.set(JAVA_INT, Abi.MR_RKEY, 88);
            registered = mr;
        }
        return mr;
    }

    @Override
    public int deregisterMemory(long mr) {
        closed.add(mr == registered ? "mr" : "another mr");
        return error("dereg");
    }

    @Override
    public long createChannel(long context) {
        long channel = struct("channel", Abi.CHANNEL_BYTES);
        at(channel, Abi.CHANNEL_BYTES).set(JAVA_INT, Abi.CHANNEL_FD, CHANNEL_FD);
        return channel;
    }

    @Override
    public int destroyChannel(long channel) {
        return 0;
    }

    private long context;

    @Override
    public long createCq(long owner, int entries, long channel) {
        long cq = struct("cq", Abi.CQ_BYTES);
        context = owner;
        if (cq > 0) {
            at(cq, Abi.CQ_BYTES).set(JAVA_LONG, Abi.CQ_CONTEXT, owner);
            at(cq, Abi.CQ_BYTES).set(JAVA_LONG, Abi.CQ_CHANNEL, channel);
        }
        return cq;
    }

    @Override
    public int destroyCq(long cq) {
        closed.add("cq");
        return 0;
    }

    @Override
    public long createQp(long pd, MemorySegment initAttributes) {
        long qp = struct("qp", Abi.QP_BYTES);
        if (qp > 0) {
            at(qp, Abi.QP_BYTES).set(JAVA_LONG, Abi.QP_CONTEXT, context);
            at(qp, Abi.QP_BYTES).set(JAVA_INT, Abi.QP_NUM, nextQp++);
        }
        return qp;
    }

    @Override
    public int modifyQp(long qp, MemorySegment attributes, int mask) {
        modifications.add(attributes.toArray(JAVA_BYTE));
        masks.add(mask);
        return error("modify");
    }

    @Override
    public int queryQpState(long qp) {
        return Abi.STATE_RTS;
    }

    @Override
    public int destroyQp(long qp) {
        closed.add("qp");
        return 0;
    }

    @Override
    public boolean takeCqEvent(long channel) {
        return false;
    }

    @Override
    public int getAsyncEvent(long owner, MemorySegment event) {
        return -EAGAIN;
    }

    @Override
    public void ackAsyncEvent(MemorySegment event) {}

    @Override
    public MemorySegment at(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    @Override
    public Operations operations(long owner) {
        return this;
    }

    @Override
    public int pollCq(long cq, int entries, long wc) {
        int count = 0;
        MemorySegment out = at(wc, entries * Abi.WC_BYTES);
        while (count < entries && !completions.isEmpty()) {
            Wc next = completions.remove();
            out.set(JAVA_LONG, count * Abi.WC_BYTES + Abi.WC_ID, next.id());
            out.set(JAVA_INT, count * Abi.WC_BYTES + Abi.WC_STATUS, next.status());
            out.set(JAVA_INT, count * Abi.WC_BYTES + Abi.WC_BYTE_LEN, next.bytes());
            count++;
        }
        return error("poll") != 0 ? -1 : count;
    }

    @Override
    public int requestNotify(long cq) {
        return 0;
    }

    @Override
    public int postSend(long qp, long workRequest, long bad) {
        posted++;
        sendIds.add(at(workRequest, Abi.SEND_WR_BYTES).get(JAVA_LONG, Abi.SEND_WR_ID));
        return error("post");
    }

    @Override
    public int postReceive(long qp, long workRequest, long bad) {
        posted++;
        receiveIds.add(at(workRequest, Abi.RECV_WR_BYTES).get(JAVA_LONG, Abi.RECV_WR_ID));
        return error("post");
    }

    @Override
    public int setNonBlocking(int fd) {
        return 0;
    }

    @Override
    public int eventFd() {
        return nextFd++;
    }

    @Override
    public void signal(int fd) {
        synchronized (readable) {
            readable.add(fd);
            readable.notifyAll();
        }
    }

    @Override
    public void drain(int fd) {
        synchronized (readable) {
            readable.remove(fd);
        }
    }

    @Override
    public int closeFd(int fd) {
        return 0;
    }

    @Override
    public int poll(MemorySegment descriptors, int count, int timeoutMillis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis < 0 ? 60_000 : timeoutMillis);
        synchronized (readable) {
            while (true) {
                int ready = 0;
                for (int i = 0; i < count; i++) {
                    ready += readable.contains(descriptors.get(JAVA_INT, i * 8L)) ? 1 : 0;
                }
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (ready > 0 || left <= 0) {
                    return ready;
                }
                try {
                    readable.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return 0;
                }
            }
        }
    }
}
