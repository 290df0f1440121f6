package io.smc4j.rdma.ibverbs;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.smc4j.rdma.AsyncEvent;
import io.smc4j.rdma.RdmaException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The thread that waits for a device's asynchronous events. It acknowledges each at once: destroying a queue pair waits for that. */
final class EventWaiter {
    private static final int EINTR = 4;

    private final IbDevice device;
    private final Verbs verbs;
    private final int wakeFd;
    private final int asyncFd;
    private final Thread thread;
    private volatile boolean ending;

    private EventWaiter(IbDevice device, int asyncFd, int wakeFd) {
        this.device = device;
        this.verbs = device.verbs();
        this.asyncFd = asyncFd;
        this.wakeFd = wakeFd;
        thread = Thread.ofPlatform()
                .daemon()
                .name("smc4j-events-" + device.name())
                .unstarted(this::run);
    }

    static EventWaiter start(IbDevice device) throws RdmaException {
        Verbs verbs = device.verbs();
        int asyncFd = verbs.at(device.context(), Abi.CONTEXT_BYTES).get(JAVA_INT, Abi.CONTEXT_ASYNC_FD);
        int error = verbs.setNonBlocking(asyncFd);
        if (error != 0) {
            throw Errors.of("fcntl(asynchronous events of " + device.name() + ", O_NONBLOCK)", error);
        }
        int wakeFd = verbs.eventFd();
        if (wakeFd < 0) {
            throw Errors.of("eventfd(events of " + device.name() + ")", wakeFd);
        }
        EventWaiter waiter = new EventWaiter(device, asyncFd, wakeFd);
        waiter.thread.start();
        return waiter;
    }

    private void run() {
        try (Arena arena = Arena.ofConfined()) {
            PollSet wait = new PollSet(verbs, arena, asyncFd, wakeFd);
            MemorySegment event = arena.allocate(Abi.EVENT_BYTES, 8);
            while (!ending) {
                wait.await(-1);
                int result = 0;
                while (!ending && (result = verbs.getAsyncEvent(device.context(), event)) == 0) {
                    translate(event);
                }
                if (!ending && !NativeVerbs.isNothingNow(result) && result != -EINTR) {
                    device.raise(new AsyncEvent.DeviceFatal("its events cannot be read any more, "
                            + Errors.name(-result) + ": the device was removed"));
                    return;
                }
            }
        }
    }

    private void translate(MemorySegment event) {
        int type = event.get(JAVA_INT, Abi.EVENT_TYPE);
        long element = event.get(JAVA_LONG, Abi.EVENT_ELEMENT);
        switch (type) {
            case Abi.EVENT_QP_FATAL, Abi.EVENT_QP_REQ_ERR, Abi.EVENT_QP_ACCESS_ERR -> {
                int number = verbs.at(element, Abi.QP_BYTES).get(JAVA_INT, Abi.QP_NUM); // valid until acknowledged
                verbs.ackAsyncEvent(event);
                device.queuePairFatal(number);
            }
            case Abi.EVENT_PORT_ACTIVE -> {
                verbs.ackAsyncEvent(event);
                device.refreshPorts();
                device.raise(new AsyncEvent.PortUp((int) element));
            }
            case Abi.EVENT_PORT_ERR -> {
                verbs.ackAsyncEvent(event);
                device.refreshPorts();
                device.raise(new AsyncEvent.PortDown((int) element));
            }
            case Abi.EVENT_DEVICE_FATAL -> {
                verbs.ackAsyncEvent(event);
                device.raise(new AsyncEvent.DeviceFatal("the adapter reports a fatal error or is being removed"));
            }
            case Abi.EVENT_GID_CHANGE -> {
                verbs.ackAsyncEvent(event);
                device.refreshPorts();
            }
            default -> verbs.ackAsyncEvent(event); // nothing that SMC cares about
        }
    }

    /** Ends the thread and waits for it. */
    void close() {
        ending = true;
        verbs.signal(wakeFd);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        verbs.closeFd(wakeFd);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
