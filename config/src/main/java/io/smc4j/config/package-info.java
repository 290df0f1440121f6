/** The settings of smc4j: every key of {@code reference.conf}, read once, checked, and handed on as immutable records. */
@NullMarked
package io.smc4j.config;

import org.jspecify.annotations.NullMarked;
