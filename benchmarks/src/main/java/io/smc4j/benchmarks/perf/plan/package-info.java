/** What is measured: peers, cases, and which turns a run takes. */
@NullMarked
package io.smc4j.benchmarks.perf.plan;

import org.jspecify.annotations.NullMarked;
