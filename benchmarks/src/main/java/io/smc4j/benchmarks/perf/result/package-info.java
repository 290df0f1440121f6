/** Figures: samples, medians and spread, ratios and targets, and their JSON. */
@NullMarked
package io.smc4j.benchmarks.perf.result;

import org.jspecify.annotations.NullMarked;
