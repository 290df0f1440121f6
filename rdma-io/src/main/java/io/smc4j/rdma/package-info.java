/**
 * The verbs SPI: what smc4j asks of memory and of RDMA or ISM devices, in the words of the InfiniBand verbs.
 *
 * <p>Devices live in the packages below. Nothing here knows SMC: no link groups, no CDC, no actors.
 */
@NullMarked
package io.smc4j.rdma;

import org.jspecify.annotations.NullMarked;
