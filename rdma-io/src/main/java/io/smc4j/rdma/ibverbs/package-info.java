/**
 * RDMA hardware, and the kernel's software RoCE ({@code rdma_rxe}), through libibverbs: called with {@code java.lang.foreign}, without
 * native code of our own.
 *
 * <p>{@link io.smc4j.rdma.ibverbs.Verbs} is the seam: the calls as methods; {@code NativeVerbs} makes them, tests script them. Struct
 * layouts are in {@code Abi}, for 64-bit Linux, and are checked against the loaded library where it can tell
 * ({@link io.smc4j.rdma.RdmaException} of category UNSUPPORTED if they do not fit).
 */
@NullMarked
package io.smc4j.rdma.ibverbs;

import org.jspecify.annotations.NullMarked;
