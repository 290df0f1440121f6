/**
 * The {@code disni} device: jVerbs (DiSNI 2.0) over a {@code libdisni} that the user installed. Queue pairs are connected by
 * rdma_cm, so both ends must be smc4j.
 *
 * <p>{@link io.smc4j.rdma.disni.Jverbs} is the seam: nothing but its implementation {@code DisniVerbs} knows DiSNI's classes.
 *
 * <p>SMC exchanges queue pair numbers and then moves queue pairs by hand; rdma_cm wants one side to listen and the other to connect,
 * and makes the acceptor's queue pair when a request arrives. So a queue pair number is here the name of an rdma_cm port, at which
 * the queue pair listens from its creation on; see {@link io.smc4j.rdma.disni.CmNumber} and
 * {@link io.smc4j.rdma.disni.Rendezvous}.
 */
@NullMarked
package io.smc4j.rdma.disni;

import org.jspecify.annotations.NullMarked;
