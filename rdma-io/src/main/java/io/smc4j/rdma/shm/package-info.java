/**
 * Memory shared between processes of one user on one host: files that vanish with their owner, and doorbells that wake it.
 *
 * <p><b>Trust model.</b> Everything lies in one directory of mode 0700 that belongs to the effective user, in files of mode
 * 0600; both are verified before use. Whoever can write there runs under the same user id and could attach a debugger to this
 * process anyway. Still nothing read from shared memory is used as an address, an offset or a length without a check against
 * what this process knows by itself, and no wait depends on a peer alone: a peer that scribbles or dies in the middle of an
 * operation costs at most lost data and a time-out. The one thing that cannot be fended off without the kernel's help is a peer
 * that truncates a mapped file: the JVM turns the fault into an {@link java.lang.InternalError}.
 *
 * <p><b>Lifetime.</b> Every file belongs to a {@link io.smc4j.rdma.shm.SharedNode}, which holds a {@code flock(2)} for as long
 * as it lives. The kernel drops the lock when the process ends, however it ends; whoever next opens the directory removes what
 * the dead left behind.
 */
@NullMarked
package io.smc4j.rdma.shm;

import org.jspecify.annotations.NullMarked;
