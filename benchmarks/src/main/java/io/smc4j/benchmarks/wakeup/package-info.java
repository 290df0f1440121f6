/** JMH benchmarks of waking a thread that sleeps. */
@NullMarked
package io.smc4j.benchmarks.wakeup;

import org.jspecify.annotations.NullMarked;
