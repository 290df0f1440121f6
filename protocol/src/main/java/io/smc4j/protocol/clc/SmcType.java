package io.smc4j.protocol.clc;

/** Which transports a message offers or selects, as the two-bit type fields of CLC encode it. */
public enum SmcType {
    /** SMC-R: RDMA between hosts. */
    R(0),
    /** SMC-D: shared memory on one machine. */
    D(1),
    /** Nothing of this version. */
    NONE(2),
    /** SMC-R and SMC-D. */
    BOTH(3);

    private final int code;

    SmcType(int code) {
        this.code = code;
    }

    /** The two bits on the wire. */
    public int code() {
        return code;
    }

    /** The type of the low two bits of a value. */
    public static SmcType ofBits(int bits) {
        return switch (bits & 3) {
            case 0 -> R;
            case 1 -> D;
            case 2 -> NONE;
            default -> BOTH;
        };
    }

    /** The type that offers exactly these transports. */
    public static SmcType of(boolean smcr, boolean smcd) {
        if (smcr) {
            return smcd ? BOTH : R;
        }
        return smcd ? D : NONE;
    }

    /** Whether SMC-R is among them. */
    public boolean offersR() {
        return this == R || this == BOTH;
    }

    /** Whether SMC-D is among them. */
    public boolean offersD() {
        return this == D || this == BOTH;
    }
}
