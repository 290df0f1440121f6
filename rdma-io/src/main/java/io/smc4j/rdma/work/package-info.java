/** Bookkeeping of posted work requests that the devices over verbs libraries share. Internal to this module. */
@NullMarked
package io.smc4j.rdma.work;

import org.jspecify.annotations.NullMarked;
