/** Deterministic devices behind the verbs and ISM SPI: nothing moves unless a test says so. */
@NullMarked
package io.smc4j.actors.fake;

import org.jspecify.annotations.NullMarked;
