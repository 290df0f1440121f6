/** The transports under test, as both child processes use them. */
@NullMarked
package io.smc4j.benchmarks.perf.peer;

import org.jspecify.annotations.NullMarked;
