/** What encoding and decoding of wire messages costs. */
@NullMarked
package io.smc4j.benchmarks.wire;

import org.jspecify.annotations.NullMarked;
