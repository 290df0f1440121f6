/** Hostile input for every decoder. */
@NullMarked
package io.smc4j.protocol.fuzz;

import org.jspecify.annotations.NullMarked;
