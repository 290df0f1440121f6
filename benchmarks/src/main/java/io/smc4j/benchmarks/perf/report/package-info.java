/** Figures for people and programs: tables, CSV, plots, the checked-in results. */
@NullMarked
package io.smc4j.benchmarks.perf.report;

import org.jspecify.annotations.NullMarked;
