/** A connection as a blocking Java stream, and a guard against silent peers. */
@NullMarked
package io.smc4j.cli.stream;

import org.jspecify.annotations.NullMarked;
