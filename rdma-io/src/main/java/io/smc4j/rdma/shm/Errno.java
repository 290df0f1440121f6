package io.smc4j.rdma.shm;

/** Error numbers of Linux that this package tells apart; the same on x86_64 and aarch64. */
final class Errno {
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int EACCES = 13;
    static final int EEXIST = 17;
    static final int ENFILE = 23;
    static final int EMFILE = 24;
    static final int EFBIG = 27;
    static final int ENOSPC = 28;
    static final int EROFS = 30;
    static final int ELOOP = 40;
    static final int EDQUOT = 122;

    private Errno() {}

    static boolean isShortage(int errno) {
        return switch (errno) {
            case ENOMEM, ENFILE, EMFILE, EFBIG, ENOSPC, EDQUOT -> true;
            default -> false;
        };
    }

    static String describe(int errno) {
        return switch (errno) {
            case ENOENT -> "ENOENT: no such file";
            case ENOMEM -> "ENOMEM: out of memory";
            case EACCES -> "EACCES: permission denied";
            case EEXIST -> "EEXIST: the file exists";
            case ENFILE -> "ENFILE: too many open files in the system";
            case EMFILE -> "EMFILE: too many open files in this process, raise ulimit -n";
            case EFBIG -> "EFBIG: larger than the file system allows";
            case ENOSPC -> "ENOSPC: no space left";
            case EROFS -> "EROFS: read-only file system";
            case ELOOP -> "ELOOP: a symbolic link where a file should be";
            case EDQUOT -> "EDQUOT: quota exceeded";
            default -> "errno " + errno;
        };
    }
}
