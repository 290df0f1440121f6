package io.smc4j.rdma.disni;

import io.smc4j.rdma.RdmaGid;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * The queue pair numbers that SMC exchanges, as this device makes them: the rdma_cm port at which the queue pair can be reached, and
 * a counter, so that the next queue pair at the same port has another number.
 *
 * <pre>
 *  23            8 7       0
 * +---------------+---------+
 * | rdma_cm port  | counter |
 * +---------------+---------+
 * </pre>
 */
final class CmNumber {
    private CmNumber() {}

    static int of(int port, int counter) {
        return port << 8 | counter & 0xff;
    }

    static int port(int number) {
        return number >>> 8 & 0xffff;
    }

    /** Where the queue pair with this GID and number is reached. The GID must be {@link RdmaGid#isIpv4Mapped}. */
    static InetSocketAddress address(RdmaGid gid, int number) {
        int ip = (int) gid.low();
        byte[] bytes = {(byte) (ip >>> 24), (byte) (ip >>> 16), (byte) (ip >>> 8), (byte) ip};
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes), port(number));
        } catch (UnknownHostException e) {
            throw new UncheckedIOException(e); // only for arrays of another length
        }
    }

    /** Of two ends, the one that connects; the other accepts. Both come to the same answer. */
    static boolean connects(RdmaGid gid, int number, RdmaGid remoteGid, int remoteNumber) {
        int order = Long.compareUnsigned(gid.low(), remoteGid.low());
        return order != 0 ? order < 0 : number < remoteNumber;
    }
}
