/**
 * The world that smc4j explores of itself: the state machines of two peers, and models of all they touch.
 *
 * <p>{@link io.smc4j.testkit.explore.smc.SmcModel} is the entry; {@link io.smc4j.testkit.explore.smc.SmcParts} is what tests of the
 * tests replace.
 */
@NullMarked
package io.smc4j.testkit.explore.smc;

import org.jspecify.annotations.NullMarked;
