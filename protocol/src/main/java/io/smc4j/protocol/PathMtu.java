package io.smc4j.protocol;

import java.util.Optional;

/** The path MTU of a queue pair, as InfiniBand and SMC encode it: code 1..5 for 256..4096 bytes. */
public enum PathMtu {
    M256(1),
    M512(2),
    M1024(3),
    M2048(4),
    M4096(5);

    private final int code;

    PathMtu(int code) {
        this.code = code;
    }

    /** The value on the wire and in the verbs. */
    public int code() {
        return code;
    }

    /** The largest payload of one packet. */
    public int bytes() {
        return 128 << code;
    }

    /** The MTU of a code; empty for anything but 1..5. */
    public static Optional<PathMtu> ofCode(int code) {
        return switch (code) {
            case 1 -> Optional.of(M256);
            case 2 -> Optional.of(M512);
            case 3 -> Optional.of(M1024);
            case 4 -> Optional.of(M2048);
            case 5 -> Optional.of(M4096);
            default -> Optional.empty();
        };
    }

    /** The smaller of two: what a queue pair between both ends may use. */
    public static PathMtu min(PathMtu a, PathMtu b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    /** The largest MTU whose packets fit so many bytes; {@link #M256} if none does. */
    public static PathMtu atMost(int bytes) {
        PathMtu best = M256;
        for (PathMtu mtu : values()) {
            if (mtu.bytes() <= bytes) {
                best = mtu;
            }
        }
        return best;
    }
}
