/** A clock that tests own, and the actors' timers with it. */
@NullMarked
package io.smc4j.testkit.time;

import org.jspecify.annotations.NullMarked;
