package io.smc4j.rdma.route;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Asks the kernel for routes, by rtnetlink, which needs no privileges. Thread-safe; the kernel may have to wait: blocking threads only. */
public final class KernelRoutes {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int NETLINK_ROUTE = 0;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int ANSWER_BYTES = 4096;

    private static final MethodHandle SOCKET =
            link("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SEND =
            link("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle RECEIVE =
            link("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle CLOSE = link("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private KernelRoutes() {}

    private static MethodHandle link(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }

    /**
     * How packets go.
     *
     * @param source IPv4 address of this host, the first byte in the high bits
     * @param destination IPv4 address likewise
     */
    public static Way way(int source, int destination) {
        try (Arena arena = Arena.ofConfined()) {
            int fd = (int) SOCKET.invokeExact(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_ROUTE);
            if (fd < 0) {
                return Way.UNKNOWN;
            }
            try {
                byte[] request = RouteMessage.request(source, destination);
                MemorySegment asked = arena.allocate(request.length, Integer.BYTES);
                asked.copyFrom(MemorySegment.ofArray(request));
                MemorySegment answer = arena.allocate(ANSWER_BYTES, Integer.BYTES);
                if ((long) SEND.invokeExact(fd, asked, asked.byteSize(), 0) != request.length) {
                    return Way.UNKNOWN;
                }
                // Answered before send returns, so there is nothing to wait for.
                long length = (long) RECEIVE.invokeExact(fd, answer, answer.byteSize(), MSG_DONTWAIT);
                return length < 0
                        ? Way.UNKNOWN
                        : RouteMessage.answer(answer.asSlice(0, length).toArray(JAVA_BYTE));
            } finally {
                int _ = (int) CLOSE.invokeExact(fd);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a call of the C library threw: a bug", e);
        }
    }
}
