package io.smc4j.protocol.llc;

import java.nio.ByteOrder;

/**
 * The order in which a host writes the two numbers of LLC version 2 that Linux sends as its processor holds them: the length in
 * the header, and the count of rkeys in ADD LINK. Everything else is big-endian always.
 *
 * <p>A receiver tells the order by the length: the reading that equals the bytes received is right, and if both do, the one in which
 * the count is likelier. A sender must know its
 * peer: Linux reads the count in its own order, so {@link #LITTLE_ENDIAN} for x86, {@link #BIG_ENDIAN} for s390.
 */
public enum LlcByteOrder {
    LITTLE_ENDIAN(ByteOrder.LITTLE_ENDIAN),
    BIG_ENDIAN(ByteOrder.BIG_ENDIAN);

    private final ByteOrder order;

    LlcByteOrder(ByteOrder order) {
        this.order = order;
    }

    ByteOrder order() {
        return order;
    }
}
