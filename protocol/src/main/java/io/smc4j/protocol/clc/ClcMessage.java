package io.smc4j.protocol.clc;

/**
 * A message of the CLC handshake. Switch over the records: {@link ClcProposal}, the ACCEPT and CONFIRM of each transport, and
 * {@link ClcDecline}.
 *
 * <p>Immutable; an instance is always one that may be sent. Source: RFC 7609 section 3, SMC version 2 as Linux speaks it.
 */
public sealed interface ClcMessage
        permits ClcProposal, ClcAcceptSmcr, ClcAcceptSmcd, ClcConfirmSmcr, ClcConfirmSmcd, ClcDecline {

    /** Which of the four messages this is. */
    ClcType type();

    /** The version in the header: 1, or 2 and above. */
    int version();
}
