/** {@code smc4j dissect}: what a capture says about SMC, message by message. */
@NullMarked
package io.smc4j.cli.dissect;

import org.jspecify.annotations.NullMarked;
