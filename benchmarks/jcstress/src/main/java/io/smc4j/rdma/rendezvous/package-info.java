/** Stress tests of what this package keeps to itself. */
@NullMarked
package io.smc4j.rdma.rendezvous;

import org.jspecify.annotations.NullMarked;
