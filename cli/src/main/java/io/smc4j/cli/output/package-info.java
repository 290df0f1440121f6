/** What the user sees: tables, progress bars, units, JSON. */
@NullMarked
package io.smc4j.cli.output;

import org.jspecify.annotations.NullMarked;
