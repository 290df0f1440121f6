package io.smc4j.rdma.ibverbs;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.smc4j.rdma.ibverbs.Symbols.MissingSymbolException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * libibverbs, loaded into this process for as long as it lives (providers start threads and keep state that unloading would break).
 * Thread-safe, as the library is.
 */
final class NativeVerbs implements Verbs {
    /** Its soname: version 1 of the ABI. Distributions call the package libibverbs1 (Debian), libibverbs (Red Hat, SUSE). */
    static final String LIBRARY = "libibverbs.so.1";

    private static final int EAGAIN = 11;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int O_NONBLOCK = 0x800;
    private static final int EFD_FLAGS = 0x80000 | O_NONBLOCK;

    private final Symbols ib;
    private final Symbols c = Symbols.ofTheCLibrary();
    private final MethodHandle getDeviceList;
    private final MethodHandle freeDeviceList;
    private final MethodHandle getDeviceName;
    private final MethodHandle openDevice;
    private final MethodHandle closeDevice;
    private final MethodHandle queryDevice;
    private final MethodHandle queryPort;
    private final MethodHandle queryGidTable;
    private final MethodHandle allocPd;
    private final MethodHandle deallocPd;
    private final MethodHandle regMr;
    private final MethodHandle deregMr;
    private final MethodHandle createChannel;
    private final MethodHandle destroyChannel;
    private final MethodHandle createCq;
    private final MethodHandle destroyCq;
    private final MethodHandle createQp;
    private final MethodHandle modifyQp;
    private final MethodHandle queryQp;
    private final MethodHandle destroyQp;
    private final MethodHandle getCqEvent;
    private final MethodHandle ackCqEvents;
    private final MethodHandle getAsyncEvent;
    private final MethodHandle ackAsyncEvent;
    private final MethodHandle fcntl;
    private final MethodHandle eventfd;
    private final MethodHandle read;
    private final MethodHandle write;
    private final MethodHandle close;
    private final MethodHandle poll;

    private NativeVerbs(SymbolLookup lookup) {
        ib = new Symbols(lookup, LIBRARY);
        getDeviceList = ib.function("ibv_get_device_list", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
        freeDeviceList = ib.function("ibv_free_device_list", FunctionDescriptor.ofVoid(JAVA_LONG));
        getDeviceName = ib.function("ibv_get_device_name", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
        openDevice = ib.function("ibv_open_device", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
        closeDevice = ib.function("ibv_close_device", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
        queryDevice = ib.function("ibv_query_device", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS));
        queryPort = ib.function("ibv_query_port", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS));
        queryGidTable = ib.function(
                "_ibv_query_gid_table",
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_LONG));
        allocPd = ib.function("ibv_alloc_pd", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
        deallocPd = ib.function("ibv_dealloc_pd", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
        regMr = ib.function("ibv_reg_mr", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT));
        deregMr = ib.function("ibv_dereg_mr", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
        createChannel = ib.function("ibv_create_comp_channel", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
        destroyChannel = ib.function("ibv_destroy_comp_channel", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
        createCq = ib.function(
                "ibv_create_cq", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
        destroyCq = ib.function("ibv_destroy_cq", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
        createQp = ib.function("ibv_create_qp", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS));
        modifyQp = ib.function("ibv_modify_qp", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT));
        queryQp = ib.function("ibv_query_qp", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT, ADDRESS));
        destroyQp = ib.function("ibv_destroy_qp", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
        getCqEvent = ib.function("ibv_get_cq_event", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS));
        ackCqEvents = ib.function("ibv_ack_cq_events", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT));
        getAsyncEvent = ib.function("ibv_get_async_event", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS));
        ackAsyncEvent = ib.function("ibv_ack_async_event", FunctionDescriptor.ofVoid(ADDRESS));
        fcntl = c.variadic("fcntl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
        eventfd = c.function("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
        read = c.function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
        write = c.function("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
        close = c.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        poll = c.function("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    }

    /**
     * Loads the library and finds every function.
     *
     * @throws IllegalArgumentException if there is no such library
     * @throws MissingSymbolException if it is too old
     */
    static NativeVerbs load(String library) {
        return new NativeVerbs(SymbolLookup.libraryLookup(library, Arena.global()));
    }

    @Override
    public String[] deviceNames() {
        try (DeviceList list = new DeviceList()) {
            String[] names = new String[list.count];
            for (int i = 0; i < names.length; i++) {
                names[i] = list.name(i);
            }
            return names;
        }
    }

    @Override
    public long openDevice(String name) {
        try (DeviceList list = new DeviceList()) {
            for (int i = 0; i < list.count; i++) {
                if (list.name(i).equals(name)) {
                    return Symbols.pointer((long) openDevice.invokeExact(Symbols.errnoState(), list.device(i)));
                }
            }
            return -Symbols.ENODEV;
        } catch (Throwable e) {
            throw Symbols.unexpected(e);
        }
    }

    /** The devices as they are now; freed at close. */
    private final class DeviceList implements AutoCloseable {
        private final long address;
        private final int count;

        DeviceList() {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment number = arena.allocate(JAVA_INT);
                address = (long) getDeviceList.invokeExact(Symbols.errnoState(), number);
                count = address == 0 ? 0 : number.get(JAVA_INT, 0);
            } catch (Throwable e) {
                throw Symbols.unexpected(e);
            }
        }

        long device(int i) {
            return at(address, (count + 1) * 8L).getAtIndex(JAVA_LONG, i);
        }

        String name(int i) {
            try {
                return at((long) getDeviceName.invokeExact(Symbols.errnoState(), device(i)), 64)
                        .getString(0);
            } catch (Throwable e) {
                throw Symbols.unexpected(e);
            }
        }

        @Override
        public void close() {
            if (address != 0) {
                try {
                    freeDeviceList.invokeExact(Symbols.errnoState(), address);
                } catch (Throwable e) {
                    throw Symbols.unexpected(e);
                }
            }
        }
    }

    @Override
    public int closeDevice(long context) {
        return callInt(closeDevice, context);
    }

    @Override
    public int queryDevice(long context, MemorySegment attributes) {
        try {
            return (int) queryDevice.invokeExact(Symbols.errnoState(), context, attributes);
        } catch (Throwable e) {
            throw Symbols.unexpected(e);
        }
    }

    @Override
    public int queryPort(long context, int port, MemorySegment attributes) {
        attributes.fill((byte) 0); // the symbol fills only the part that its first version had
        try {
            return (int) queryPort.invokeExact(Symbols.errnoState(), context, port, attributes);
        } catch (Throwable e) {
            throw Symbols.unexpected(e);
        }
    }

    @Override
    public long queryGidTable(long context, MemorySegment entries, int most) {
        try {
            return (long) queryGidTable.invokeExact(
                    Symbols.errnoState(), context, entries, (long) most, 0, Abi.GID_ENTRY_BYTES);
        } catch (Throwable e) {
            throw Symbols.unexpected(e);
        }
    }

    @Override
    public long allocPd(long context) {
        return callPointer(allocPd, context);
    }

    @Override
    public int deallocPd(long pd) {
        return callInt(deallocPd, pd);
    }

    @Override
    public long registerMemory(long pd, long address, long length, int access) {
        try {
            return Symbols.pointer((long) regMr.invokeExact(Symbols.errnoState(), pd, address, length, access));
        } catch (Throwable e) {
            throw Symbols.unexpected(e);
        }
    }

    @Override
    public int deregisterMemory(long mr) {
        return callInt(deregMr, mr);
    }

    @Override
    public long createChannel(long context) {
        return callPointer(createChannel, context);
    }

    @Override
    public int destroyChannel(long channel) {
        return callInt(destroyChannel, channel);
    }

    @Override
    public long createCq(long context, int entries, long channel) {
        try {
            return Symbols.pointer((long) createCq.invokeExact(Symbols.errnoState(), context, entries, 0L, channel, 0));
        } catch (Throwable e) {
            throw Symbols.unexpected(e);
        }
    }

    @Override
    public int destroyCq(long cq) {
        return callInt(destroyCq, cq);
    }

    @Override
    public long createQp(long pd, MemorySegment initAttributes) {
        try {
            return Symbols.pointer((long) createQp.invokeExact(Symbols.errnoState(), pd, initAttributes));
        } catch (Throwable e) {
            throw Symbols.unexpected(e);
        }
    }

    @Override
    public int modifyQp(long qp, MemorySegment attributes, int mask) {
        try {
            return (int) modifyQp.invokeExact(Symbols.errnoState(), qp, attributes, mask);
        } catch (Throwable e) {
            throw Symbols.unexpected(e);
        }
    }

    @Override
    public int queryQpState(long qp) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(Abi.ATTR_BYTES, 8);
            MemorySegment init = arena.allocate(Abi.INIT_BYTES, 8);
            int error = (int) queryQp.invokeExact(Symbols.errnoState(), qp, attributes, Abi.MASK_STATE, init);
            return error == 0 ? attributes.get(JAVA_INT, Abi.ATTR_STATE) : -Math.abs(error);
        } catch (Throwable e) {
            throw Symbols.unexpected(e);
        }
    }

    @Override
    public int destroyQp(long qp) {
        return callInt(destroyQp, qp);
    }

    @Override
    public boolean takeCqEvent(long channel) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(16, 8);
            if ((int) getCqEvent.invokeExact(Symbols.errnoState(), channel, out, out.asSlice(8)) != 0) {
                return false;
            }
            ackCqEvents.invokeExact(Symbols.errnoState(), out.get(JAVA_LONG, 0), 1);
            return true;
        } catch (Throwable e) {
            throw Symbols.unexpected(e);
        }
    }

    @Override
    public int getAsyncEvent(long context, MemorySegment event) {
        try {
            int result = (int) getAsyncEvent.invokeExact(Symbols.errnoState(), context, event);
            return result == 0 ? 0 : -Math.max(1, Symbols.errno());
        } catch (Throwable e) {
            throw Symbols.unexpected(e);
        }
    }

    @Override
    public void ackAsyncEvent(MemorySegment event) {
        try {
            ackAsyncEvent.invokeExact(Symbols.errnoState(), event);
        } catch (Throwable e) {
            throw Symbols.unexpected(e);
        }
    }

    @Override
    public MemorySegment at(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    @Override
    public Operations operations(long context) {
        return new NativeOperations(at(context, Abi.CONTEXT_BYTES));
    }

    @Override
    public int setNonBlocking(int fd) {
        try {
            int flags = (int) fcntl.invokeExact(Symbols.errnoState(), fd, F_GETFL, 0);
            if (flags < 0) {
                return -Symbols.errno();
            }
            return (int) fcntl.invokeExact(Symbols.errnoState(), fd, F_SETFL, flags | O_NONBLOCK) < 0
                    ? -Symbols.errno()
                    : 0;
        } catch (Throwable e) {
            throw Symbols.unexpected(e);
        }
    }

    @Override
    public int eventFd() {
        try {
            int fd = (int) eventfd.invokeExact(Symbols.errnoState(), 0, EFD_FLAGS);
            return fd < 0 ? -Symbols.errno() : fd;
        } catch (Throwable e) {
            throw Symbols.unexpected(e);
        }
    }

    @Override
    public void signal(int fd) {
        MemorySegment one = Symbols.scratch();
        one.set(JAVA_LONG, 0, 1);
        try {
            var _ = (long) write.invokeExact(Symbols.errnoState(), fd, one, 8L); // EAGAIN: it is readable already
        } catch (Throwable e) {
            throw Symbols.unexpected(e);
        }
    }

    @Override
    public void drain(int fd) {
        try {
            var _ = (long) read.invokeExact(Symbols.errnoState(), fd, Symbols.scratch(), 8L);
        } catch (Throwable e) {
            throw Symbols.unexpected(e);
        }
    }

    @Override
    public int closeFd(int fd) {
        try {
            return (int) close.invokeExact(Symbols.errnoState(), fd);
        } catch (Throwable e) {
            throw Symbols.unexpected(e);
        }
    }

    @Override
    public int poll(MemorySegment descriptors, int count, int timeoutMillis) {
        try {
            int ready = (int) poll.invokeExact(Symbols.errnoState(), descriptors, (long) count, timeoutMillis);
            return ready < 0 ? -Symbols.errno() : ready;
        } catch (Throwable e) {
            throw Symbols.unexpected(e);
        }
    }

    /** Whether a negated errno means that there is nothing now. */
    static boolean isNothingNow(int result) {
        return result == -EAGAIN;
    }

    private static int callInt(MethodHandle function, long argument) {
        try {
            return (int) function.invokeExact(Symbols.errnoState(), argument);
        } catch (Throwable e) {
            throw Symbols.unexpected(e);
        }
    }

    private static long callPointer(MethodHandle function, long argument) {
        try {
            return Symbols.pointer((long) function.invokeExact(Symbols.errnoState(), argument));
        } catch (Throwable e) {
            throw Symbols.unexpected(e);
        }
    }

    /** The function pointers of one context. The method handles are constants, so the JIT compiler makes plain calls of them. */
    private static final class NativeOperations implements Operations {
        private static final MethodHandle POLL_CQ =
                Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG));
        private static final MethodHandle NOTIFY =
                Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
        private static final MethodHandle POST =
                Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));

        private final MemorySegment pollCq;
        private final MemorySegment requestNotify;
        private final MemorySegment postSend;
        private final MemorySegment postReceive;

        NativeOperations(MemorySegment context) {
            pollCq = context.get(ADDRESS, Abi.CONTEXT_POLL_CQ);
            requestNotify = context.get(ADDRESS, Abi.CONTEXT_REQ_NOTIFY_CQ);
            postSend = context.get(ADDRESS, Abi.CONTEXT_POST_SEND);
            postReceive = context.get(ADDRESS, Abi.CONTEXT_POST_RECV);
        }

        @Override
        public int pollCq(long cq, int entries, long wc) {
            try {
                return (int) POLL_CQ.invokeExact(pollCq, cq, entries, wc);
            } catch (Throwable e) {
                throw Symbols.unexpected(e);
            }
        }

        @Override
        public int requestNotify(long cq) {
            try {
                return (int) NOTIFY.invokeExact(requestNotify, cq, 0);
            } catch (Throwable e) {
                throw Symbols.unexpected(e);
            }
        }

        @Override
        public int postSend(long qp, long workRequest, long bad) {
            try {
                return (int) POST.invokeExact(postSend, qp, workRequest, bad);
            } catch (Throwable e) {
                throw Symbols.unexpected(e);
            }
        }

        @Override
        public int postReceive(long qp, long workRequest, long bad) {
            try {
                return (int) POST.invokeExact(postReceive, qp, workRequest, bad);
            } catch (Throwable e) {
                throw Symbols.unexpected(e);
            }
        }
    }
}
