package io.smc4j.protocol.llc;

import io.smc4j.protocol.internal.Checks;

/**
 * How to write to one RMB over one link of the group.
 *
 * @param linkNumber the link, 0..255
 * @param rkey key of the RMB on that link
 * @param address remote address of the RMB on that link
 */
public record LinkRtoken(int linkNumber, int rkey, long address) {
    /** @throws IllegalArgumentException if the link number needs more than a byte */
    public LinkRtoken {
        Checks.u8("link number", linkNumber);
    }
}
