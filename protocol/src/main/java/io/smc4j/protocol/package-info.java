/**
 * The language of SMC: fields that several messages share. Messages, cursors and state machines live in the packages below; nothing
 * here does input or output, starts a thread or asks for the time.
 */
@NullMarked
package io.smc4j.protocol;

import org.jspecify.annotations.NullMarked;
