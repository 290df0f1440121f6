package io.smc4j.cli.dissect.message;

import io.smc4j.protocol.Gid;

/**
 * Where in the capture a message is, and between whom.
 *
 * @param frame number of the frame that completes it
 * @param nanos nanoseconds since the first frame
 * @param epochNanos nanoseconds since 1970
 * @param source sender's address
 * @param sourcePort sender's TCP port, -1 over RDMA
 * @param destination receiver's address
 * @param destinationPort receiver's TCP port, -1 over RDMA
 * @param queuePair receiver's queue pair, -1 over TCP
 * @param psn packet sequence number of the packet that completes it, -1 over TCP
 * @param retransmission whether it had been sent before
 */
public record Place(
        long frame,
        long nanos,
        long epochNanos,
        Gid source,
        int sourcePort,
        Gid destination,
        int destinationPort,
        int queuePair,
        int psn,
        boolean retransmission) {
    /** Of bytes that were given by hand. */
    public static Place byHand(long number) {
        return new Place(number, 0, 0, Gid.NONE, -1, Gid.NONE, -1, -1, -1, false);
    }

    /** Whether there was a network at all. */
    public boolean onNetwork() {
        return !source.isNone() || !destination.isNone();
    }

    public boolean overTcp() {
        return sourcePort >= 0;
    }
}
