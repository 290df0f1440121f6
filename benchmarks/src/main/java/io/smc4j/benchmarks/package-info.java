/** JMH benchmarks; not published. */
@NullMarked
package io.smc4j.benchmarks;

import org.jspecify.annotations.NullMarked;
