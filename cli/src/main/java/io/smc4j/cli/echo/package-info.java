/** {@code echo-server} and {@code ping}: round trips and their percentiles. */
@NullMarked
package io.smc4j.cli.echo;

import org.jspecify.annotations.NullMarked;
