package io.smc4j.protocol.clc;

import io.smc4j.protocol.BufferSizeClass;
import io.smc4j.protocol.Gid;
import io.smc4j.protocol.MacAddress;
import io.smc4j.protocol.PathMtu;
import io.smc4j.protocol.PeerId;
import io.smc4j.protocol.internal.Checks;

/**
 * One end of an SMC-R connection, as ACCEPT and CONFIRM tell it to the other: the queue pair of the link and the RMB to write to.
 *
 * @param peerId the sender's host
 * @param gid GID of the link's port
 * @param mac MAC address of the link's port
 * @param qpNumber queue pair of the link, 24 bits; in an ACCEPT of subsequent contact the one that the server chose
 * @param rkey key of the RMB on this link
 * @param rmbeIndex element of the RMB, 1..255
 * @param alertToken what CDC messages to the sender must carry; never 0
 * @param rmbeSize size of the element
 * @param mtu path MTU: own in ACCEPT, the smaller of both in CONFIRM
 * @param rmbAddress remote address of the RMB on this link
 * @param psn first packet sequence number of the link, 24 bits
 */
public record SmcrEndpoint(
        PeerId peerId,
        Gid gid,
        MacAddress mac,
        int qpNumber,
        int rkey,
        int rmbeIndex,
        int alertToken,
        BufferSizeClass rmbeSize,
        PathMtu mtu,
        long rmbAddress,
        int psn) {

    /** @throws IllegalArgumentException if a number is out of its range */
    public SmcrEndpoint {
        Checks.u24("queue pair number", qpNumber);
        Checks.range("RMBE index", rmbeIndex, 1, 255);
        Checks.rule(alertToken != 0, "an alert token is never 0");
        Checks.u24("initial PSN", psn);
    }

    /** The remote address of the element's first byte: RMB address plus the elements before it. */
    public long rmbeAddress() {
        return rmbAddress + (long) rmbeSize.bytes() * (rmbeIndex - 1);
    }
}
