/** {@code enable-tcp-option}: attaches the program that lets ordinary sockets carry SMC's TCP option. */
@NullMarked
package io.smc4j.cli.tcpoption;

import org.jspecify.annotations.NullMarked;
