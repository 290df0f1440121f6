package io.smc4j;

import java.util.List;

/**
 * The link group of a connection, as it was when asked.
 *
 * @param id 4-byte id in hex, as Linux prints it
 * @param role {@code server} or {@code client}: which side accepted the connection that created the group
 * @param version of SMC that both ends agreed on: {@code 1}, {@code 2.0} or {@code 2.1}
 * @param type {@code SINGLE}, {@code SYMMETRIC}, {@code ASYMMETRIC_PEER}, {@code ASYMMETRIC_LOCAL} or {@code NONE}; SMC-D groups
 *     have no links and say {@code NONE}
 * @param links the links, by number; empty for SMC-D
 */
public record LinkGroupInfo(String id, String role, String version, String type, List<Link> links) {
    public LinkGroupInfo {
        links = List.copyOf(links);
    }

    /**
     * One link.
     *
     * @param number link number, 1..255
     * @param state {@code ACTIVATING}, {@code ACTIVE} or {@code INACTIVE}
     * @param device RDMA device name
     * @param port port number on the device
     * @param localGid own GID
     * @param peerGid the peer's GID
     * @param localQueuePair own queue pair number, as {@code rdma resource show qp} prints it here; 0 if there is none yet
     * @param peerQueuePair the peer's queue pair number; 0 if it is not known yet
     */
    public record Link(
            int number,
            String state,
            String device,
            int port,
            String localGid,
            String peerGid,
            int localQueuePair,
            int peerQueuePair) {}
}
