/**
 * SMC-D between processes of one host: an ISM device whose DMBs are mapped files.
 *
 * <p>The writer copies straight into the owner's memory; there is no kernel and no copy in between. System calls are made only to
 * set up, to sleep, and to wake a sleeper. See {@link io.smc4j.rdma.shm} for who is trusted, and for what happens to the files of
 * a process that dies.
 */
@NullMarked
package io.smc4j.rdma.ism;

import org.jspecify.annotations.NullMarked;
