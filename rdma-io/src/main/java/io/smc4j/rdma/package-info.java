@NullMarked
package io.smc4j.rdma;

import org.jspecify.annotations.NullMarked;
