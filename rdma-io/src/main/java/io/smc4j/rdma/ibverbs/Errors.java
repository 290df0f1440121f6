package io.smc4j.rdma.ibverbs;

import io.smc4j.rdma.RdmaException;
import io.smc4j.rdma.RdmaException.Category;

/** Makes exceptions of errno values: what was called with what, what came back, what may help. */
final class Errors {
    static final int EPERM = 1;
    static final int EIO = 5;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int ENODEV = 19;
    static final int EINVAL = 22;
    static final int EMFILE = 24;
    static final int ENOSPC = 28;
    static final int EOPNOTSUPP = 95;
    static final int ENETUNREACH = 101;
    static final int ETIMEDOUT = 110;
    static final int EHOSTUNREACH = 113;

    private Errors() {}

    /**
     * @param call the C function with its arguments, as a person would write it
     * @param errno positive
     */
    static RdmaException of(String call, long errno) {
        int number = (int) Math.abs(errno);
        return new RdmaException(category(number), call + " failed: " + name(number) + advice(number));
    }

    private static Category category(int errno) {
        return switch (errno) {
            case ENOMEM, EMFILE, ENOSPC, EAGAIN, EBUSY -> Category.OUT_OF_RESOURCES;
            case ENODEV, EIO, ENETUNREACH, EHOSTUNREACH, ETIMEDOUT -> Category.UNREACHABLE;
            case EPERM, EACCES, EOPNOTSUPP -> Category.UNSUPPORTED;
            default -> Category.MISUSE;
        };
    }

    static String name(int errno) {
        return switch (errno) {
            case EPERM -> "EPERM (operation not permitted)";
            case EIO -> "EIO (the device is gone or broken)";
            case EAGAIN -> "EAGAIN (try again)";
            case ENOMEM -> "ENOMEM (out of memory, or over a limit)";
            case EACCES -> "EACCES (permission denied)";
            case EBUSY -> "EBUSY (still in use)";
            case ENODEV -> "ENODEV (no such device)";
            case EINVAL -> "EINVAL (invalid argument)";
            case EMFILE -> "EMFILE (too many open files)";
            case ENOSPC -> "ENOSPC (no room in the device)";
            case EOPNOTSUPP -> "EOPNOTSUPP (not supported)";
            case ENETUNREACH -> "ENETUNREACH (network unreachable)";
            case ETIMEDOUT -> "ETIMEDOUT (no answer)";
            case EHOSTUNREACH -> "EHOSTUNREACH (no route to the host)";
            default -> "errno " + errno;
        };
    }

    private static String advice(int errno) {
        return switch (errno) {
            case ENOMEM ->
                "; registered memory is locked memory: look at 'ulimit -l', and at 'rdma resource show' for the device's";
            case EPERM, EACCES -> "; /dev/infiniband/uverbs* must be readable and writable for this user";
            case EMFILE -> "; raise 'ulimit -n'";
            default -> "";
        };
    }
}
