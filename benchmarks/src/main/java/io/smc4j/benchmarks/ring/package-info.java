/** The bare ring: what the memory of the machine gives, without a protocol. */
@NullMarked
package io.smc4j.benchmarks.ring;

import org.jspecify.annotations.NullMarked;
