/** The {@code smc4j} command. */
@NullMarked
package io.smc4j.cli;

import org.jspecify.annotations.NullMarked;
