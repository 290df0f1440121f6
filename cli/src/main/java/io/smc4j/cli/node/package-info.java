/** The seam between the commands and a running smc4j node. */
@NullMarked
package io.smc4j.cli.node;

import org.jspecify.annotations.NullMarked;
