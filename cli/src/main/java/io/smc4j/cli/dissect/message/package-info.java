/** The SMC messages of a capture, decoded. */
@NullMarked
package io.smc4j.cli.dissect.message;

import org.jspecify.annotations.NullMarked;
