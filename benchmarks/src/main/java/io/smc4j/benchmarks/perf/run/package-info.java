/** The parent process: starts children, gives turns round robin, collects what they measure. */
@NullMarked
package io.smc4j.benchmarks.perf.run;

import org.jspecify.annotations.NullMarked;
