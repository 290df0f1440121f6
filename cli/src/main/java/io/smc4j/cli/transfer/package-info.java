/** {@code serve} and {@code send}: files over a strict subset of HTTP/1.1. */
@NullMarked
package io.smc4j.cli.transfer;

import org.jspecify.annotations.NullMarked;
