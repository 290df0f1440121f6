package io.smc4j.rdma;

/**
 * An entry of a port's GID table.
 *
 * @param index in the table, as address vectors name it
 * @param gid the address
 * @param type how packets are encapsulated that use it
 * @param interfaceIndex of the network device it belongs to; 0 if unknown
 */
public record PortGid(int index, RdmaGid gid, Type type, int interfaceIndex) {
    /** RoCE versions: SMC-R version 1 uses the first, version 2 the second. */
    public enum Type {
        /** Ethernet frames, within one layer 2 network. */
        ROCE_V1,
        /** UDP over IP, routable. */
        ROCE_V2
    }
}
