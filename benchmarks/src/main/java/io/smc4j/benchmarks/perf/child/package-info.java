/** A child process: one end of one peer, told what to do by lines of JSON. */
@NullMarked
package io.smc4j.benchmarks.perf.child;

import org.jspecify.annotations.NullMarked;
