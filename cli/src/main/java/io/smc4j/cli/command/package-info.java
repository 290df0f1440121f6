/** What every subcommand shares: global options, the configuration, the console. */
@NullMarked
package io.smc4j.cli.command;

import org.jspecify.annotations.NullMarked;
