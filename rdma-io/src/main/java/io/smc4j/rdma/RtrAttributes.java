package io.smc4j.rdma;

/**
 * Attributes of INIT → RTR.
 *
 * @param remoteGid the peer port's GID
 * @param remoteMac the peer port's (or the gateway's) MAC, low 48 bits
 * @param remoteQueuePair the peer's queue pair number, 24 bits
 * @param receivePsn the peer's initial packet sequence number, 24 bits
 * @param mtuBytes path MTU: 256..4096
 * @param hopLimit 1, or 64 through a gateway
 * @param minRnrTimer receiver-not-ready timer code (Linux SMC: 5, that is 0.06 ms)
 * @param roce how packets are encapsulated, and with it which GID of the port they come from: {@link PortInfo#entry}; of no
 *     meaning to software devices
 */
public record RtrAttributes(
        RdmaGid remoteGid,
        long remoteMac,
        int remoteQueuePair,
        int receivePsn,
        int mtuBytes,
        int hopLimit,
        int minRnrTimer,
        PortGid.Type roce) {
    /** Over RoCE v2. */
    public RtrAttributes(
            RdmaGid remoteGid,
            long remoteMac,
            int remoteQueuePair,
            int receivePsn,
            int mtuBytes,
            int hopLimit,
            int minRnrTimer) {
        this(remoteGid, remoteMac, remoteQueuePair, receivePsn, mtuBytes, hopLimit, minRnrTimer, PortGid.Type.ROCE_V2);
    }
}
