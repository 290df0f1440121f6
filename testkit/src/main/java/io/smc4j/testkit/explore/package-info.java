/**
 * Exhaustive exploration of state machines: every interleaving of a small configuration, every promise checked after every step.
 *
 * <p>Write a {@link io.smc4j.testkit.explore.Model}, give it to an {@link io.smc4j.testkit.explore.Explorer}. What smc4j explores
 * of itself is in the package {@code smc} below.
 */
@NullMarked
package io.smc4j.testkit.explore;

import org.jspecify.annotations.NullMarked;
