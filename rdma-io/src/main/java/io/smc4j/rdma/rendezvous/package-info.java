/**
 * How two processes on one host learn, without bytes on the wire, that both speak SMC: what TCP option 254 in SYN and SYN-ACK does
 * between Linux kernels.
 *
 * <ol>
 *   <li>The server binds, and {@linkplain io.smc4j.rdma.rendezvous.ListenerRecord publishes} a record.
 *   <li>The client {@linkplain io.smc4j.rdma.rendezvous.ListenerLookup looks} for it, says in it that it approaches, connects, and so
 *       learns its own port, {@linkplain io.smc4j.rdma.rendezvous.Announcer announces} itself in the record (the SYN's option), and has
 *       approached. (A client that binds its socket first, because it was told its address, announces itself before it connects.)
 *   <li>The server {@linkplain io.smc4j.rdma.rendezvous.Arrival claims} the announcement when it accepts: now it knows that the client
 *       speaks SMC. If it finds none it waits for those who approach.
 *   <li>The client sees the claim (the SYN-ACK's option): now it knows that whoever accepted the connection speaks SMC, even if
 *       several sockets, of other programs even, share the port. Only then may it send CLC bytes.
 * </ol>
 *
 * <p>Whatever is missing on the way (no record, a full table, another user's server, another network namespace) leads to plain TCP.
 */
@NullMarked
package io.smc4j.rdma.rendezvous;

import org.jspecify.annotations.NullMarked;
