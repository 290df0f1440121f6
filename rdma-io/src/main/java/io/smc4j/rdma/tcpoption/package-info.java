/**
 * The TCP option (kind 254, {@code e2d4c3d9}) in SYN and SYN-ACK by which two ends learn that both speak SMC, on ordinary sockets.
 *
 * <p>An ordinary socket cannot carry an option of its own. A BPF program of type sock_ops, attached to a version 2 control group, writes
 * and reads it for the sockets of the processes in that group which opted in. smc4j assembles the program itself and loads it with the
 * {@code bpf(2)} system call: no compiler, no libbpf.
 *
 * <p>How a socket opts in and how it hears the verdict: through {@code TCP_KEEPINTVL}, the one number of a socket that Java can read
 * and write ({@link jdk.net.ExtendedSocketOptions#TCP_KEEPINTERVAL}), the program too, and that touches no packet while SO_KEEPALIVE is
 * off. See {@link io.smc4j.rdma.tcpoption.OptionMark}. A process needs no privileges for that; attaching the program needs CAP_BPF and
 * CAP_NET_ADMIN (or CAP_SYS_ADMIN) once, in whatever process does it. Linux 6.1 or later.
 */
@NullMarked
package io.smc4j.rdma.tcpoption;

import org.jspecify.annotations.NullMarked;
