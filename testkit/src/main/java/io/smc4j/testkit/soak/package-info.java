/**
 * Trouble for long runs: faults that a program outside decides on and a node carries out, one at a time, while it is in use.
 *
 * <p>{@code smc4j soak} is made of this; a test of an application may use it the same way.
 */
@NullMarked
package io.smc4j.testkit.soak;

import org.jspecify.annotations.NullMarked;
