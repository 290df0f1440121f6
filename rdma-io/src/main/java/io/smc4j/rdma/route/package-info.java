/** How the kernel would route an IPv4 packet: directly, or over a gateway. RoCE v2 goes the same way. */
@NullMarked
package io.smc4j.rdma.route;

import org.jspecify.annotations.NullMarked;
