/**
 * The {@code softrdma} device: RC queue pairs in software, between processes of one host (or within one), over shared-memory
 * files.
 *
 * <p><b>The responder executes.</b> Each direction of a queue pair is a single-producer single-consumer ring in a file that the
 * <em>receiving</em> queue pair creates. The sender puts frames into it; the receiver, inside its own
 * {@link io.smc4j.rdma.CompletionQueue#poll}, checks key, bounds and access against its <em>own</em> registrations and copies. So
 * a peer cannot bypass a check, any native memory can be registered, and a dead process cannot be written to. There are no device
 * threads: an owner that does not poll is, to its peers, a slow network.
 *
 * <p><b>Completion of a send-side request</b> means that the responder has executed it: it publishes how many messages it has
 * executed in the ring's header, after its own completion, if there is one, is in its completion queue.
 *
 * <p><b>Threads.</b> The hot path takes no lock. What control calls (close, deregister) change is published first and then waited
 * out: see {@link io.smc4j.rdma.softrdma.EngineEpoch}.
 *
 * <p><b>Liveness.</b> A process that dies is seen, through its lost file lock, by probes at most every 250 ms while its peers
 * poll or await; its queue pairs break within 1 s and its files are swept by whoever notices.
 */
@NullMarked
package io.smc4j.rdma.softrdma;

import org.jspecify.annotations.NullMarked;
