package io.smc4j.rdma.shm;

import java.util.Locale;

/** What differs between the Linux architectures that shared memory works on. */
enum Platform {
    LINUX_X86_64(202, 0x20000),
    LINUX_AARCH64(98, 0x8000),
    /** Everything else: nothing here may be called. */
    UNSUPPORTED(-1, 0);

    private final long futexNumber;
    private final int openNoFollow;

    Platform(long futexNumber, int openNoFollow) {
        this.futexNumber = futexNumber;
        this.openNoFollow = openNoFollow;
    }

    /** Number of the {@code futex} system call. */
    long futexNumber() {
        return futexNumber;
    }

    /** {@code O_NOFOLLOW}. */
    int openNoFollow() {
        return openNoFollow;
    }

    static Platform current() {
        return of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    }

    static Platform of(String operatingSystem, String architecture) {
        if (!operatingSystem.toLowerCase(Locale.ROOT).equals("linux")) {
            return UNSUPPORTED;
        }
        return switch (architecture) {
            case "amd64", "x86_64" -> LINUX_X86_64;
            case "aarch64" -> LINUX_AARCH64;
            default -> UNSUPPORTED;
        };
    }
}
