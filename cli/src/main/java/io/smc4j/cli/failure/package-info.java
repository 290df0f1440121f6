/** How a command ends badly: exit codes and the one line that says why. */
@NullMarked
package io.smc4j.cli.failure;

import org.jspecify.annotations.NullMarked;
