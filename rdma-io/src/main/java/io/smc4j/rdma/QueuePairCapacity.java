package io.smc4j.rdma;

/**
 * Sizes of a queue pair.
 *
 * @param sendRequests outstanding send-side work requests (Linux SMC: 48 = 16 control slots × (1 send + 2 writes))
 * @param receiveRequests outstanding receives (Linux SMC: 48)
 * @param gatherSegments local segments per send-side request (Linux SMC: 2)
 */
public record QueuePairCapacity(int sendRequests, int receiveRequests, int gatherSegments) {}
