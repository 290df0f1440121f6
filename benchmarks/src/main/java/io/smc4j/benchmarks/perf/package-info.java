/** {@code smc4j perf}: smc4j and its peers measured side by side, each end in a process of its own. */
@NullMarked
package io.smc4j.benchmarks.perf;

import org.jspecify.annotations.NullMarked;
